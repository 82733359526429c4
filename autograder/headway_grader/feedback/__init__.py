"""What learners get back: one page that says what was found, what it is worth, and what to try next."""
