"""What a learner wrote: its cells, what of it runs, and what it may use."""
