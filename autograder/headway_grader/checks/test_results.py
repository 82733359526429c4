"""Right or wrong, group by group."""


def test_results_are_those_expected(learner, group, evidence):
    for case, result in learner.results(group):
        evidence.is_equal(case, result)
