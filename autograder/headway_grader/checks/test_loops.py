"""No Python loop over the data: what Python does must not grow with it."""


def test_python_does_not_loop_over_the_data(learner, growth, evidence):
    for dimension, counts, results in learner.counts(growth):
        evidence.is_flat(dimension, counts, learner.answer.trees, learner.answer.function)
        evidence.is_right(dimension, results)
