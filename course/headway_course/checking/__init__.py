"""check, in the notebook and from the command line: trying an answer, and showing what came of it."""
