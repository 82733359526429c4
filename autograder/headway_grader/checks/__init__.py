"""The checks: pytest tests over a learner's functions, which run in the sandbox.

By hand, on the public fixtures or, with --hidden, on those of the course key:

    pytest --pyargs headway_grader.checks --submission alice/01_softmax.ipynb
    pytest --pyargs headway_grader.checks --submission alice/01_softmax.ipynb --hidden -k extremes

The judge calls the same functions, without a pytest session for each submission.
"""
