"""What learners are handed: a bundle without the staff's things and without answers that are still due."""
