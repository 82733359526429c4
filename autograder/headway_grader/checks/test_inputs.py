"""A function may compute what it likes, and leaves what it was given as it was."""


def test_inputs_stay_as_they_were(learner, inputs_kept, evidence):
    for case, result, inputs_after in learner.results_and_inputs(inputs_kept):
        evidence.is_kept(case, inputs_after)
        evidence.is_equal(case, result)
