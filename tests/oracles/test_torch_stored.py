"""The library against what torch gave once; make_torch.py stores it."""

from pathlib import Path

import numpy as np
import pytest
from comparison import EXERCISES, assert_the_library_gives

NAMES = [target.rpartition(".")[2] for target in EXERCISES]


@pytest.fixture(scope="module")
def stored():
    with np.load(Path(__file__).with_name("torch.npz"), allow_pickle=False) as file:
        return dict(file)


@pytest.mark.parametrize("name", NAMES)
def test_the_library_gives_what_torch_gave(stored, name):
    places = [
        key.removesuffix("/out") for key in stored if key.startswith(f"{name}/") and key.endswith("/out")
    ]
    assert len(places) >= 5
    for place in places:
        root = f"{place}/in/"
        inputs = {key.removeprefix(root): a for key, a in stored.items() if key.startswith(root)}
        assert_the_library_gives(name, inputs, stored[f"{place}/out"], place)


def test_the_versions_that_gave_it_are_stored(stored):
    assert {key for key in stored if key.startswith("versions/")} == {
        "versions/torch",
        "versions/numpy",
        "versions/python",
    }
