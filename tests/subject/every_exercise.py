"""Every exercise of the course, and its fixtures under three keys."""

from functools import cache

import numpy as np
from headway_course import manifest
from headway_grader import cases, wrong

KEYS = (0, 1, 2)
EXERCISES = tuple(exercise.target for lesson in manifest.load().lessons for exercise in lesson.exercises)


@cache
def fixtures(target):
    mistakes = wrong.mistakes(target.rpartition(".")[2])
    return tuple(cases.fixture(target, np.random.default_rng(key), mistakes) for key in KEYS)
