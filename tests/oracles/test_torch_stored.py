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
    places = [key.removesuffix("/out/0") for key in stored if key.startswith(f"{name}/") and "/out/0" in key]
    assert len(places) >= 5
    for place in places:
        inputs, results = under(stored, f"{place}/in/"), under(stored, f"{place}/out/")
        assert_the_library_gives(name, inputs, list(results.values()), place)


def under(stored, root):
    """What is stored below a place, in order."""
    return {key.removeprefix(root): a for key, a in stored.items() if key.startswith(root)}


def test_the_versions_that_gave_it_are_stored(stored):
    assert {key for key in stored if key.startswith("versions/")} == {
        "versions/torch",
        "versions/numpy",
        "versions/python",
    }
