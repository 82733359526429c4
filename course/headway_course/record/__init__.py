"""What the learner's side remembers, and what it makes of it: own answers, a map, what to do next."""
