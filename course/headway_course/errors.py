class CourseError(Exception):
    """Something a person gave us is not usable; the message says what, where, and what to do."""
