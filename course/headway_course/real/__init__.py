"""The two real models of the course: brought here on demand, loaded, and run with the learner's answers."""
