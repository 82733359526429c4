"""The library against torch itself, where it is installed, under more keys than the stored one."""

import numpy as np
import pytest
from comparison import EXERCISES, asked, assert_the_library_gives

pytestmark = pytest.mark.torch


@pytest.mark.parametrize("key", [0, 1, 2])
@pytest.mark.parametrize("target", EXERCISES)
def test_the_library_gives_what_torch_gives(target, key):
    import torch_oracles

    name = target.rpartition(".")[2]
    for case in asked(target, key):
        theirs = torch_oracles.called(getattr(torch_oracles, name), case.inputs)
        inputs = {parameter: np.asarray(value) for parameter, value in case.inputs.items()}
        assert_the_library_gives(name, inputs, theirs, f"{name}, {case.group}/{case.name}")
