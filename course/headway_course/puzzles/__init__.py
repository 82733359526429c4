"""Attention puzzles: a pattern is given, and queries and keys are sought that draw it.

Many are right, so what is judged is the pattern, on several texts. Each row of Q and K must be made from what
its own position knows, as in a model: so nobody can hand the target in as Q.
"""

from headway_course.puzzles.drawn import show_puzzle

__all__ = ["show_puzzle"]
