"""What was handed in: where it lies, when it was, and what of several counts."""
