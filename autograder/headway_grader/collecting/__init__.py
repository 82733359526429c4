"""Collecting what learners sent: a folder of mail attachments, or what Moodle and Canvas let one download."""
