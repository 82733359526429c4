"""The learners' notebooks as they are generated run from top to bottom, with nothing solved."""

import json
from pathlib import Path

import pytest
from headway_grader.build import builder, execute

ROOT = builder.find_root(Path(__file__).parent)
NOTEBOOKS = sorted((ROOT / "exercises").glob("[0-9]*.ipynb"))

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_an_unsolved_notebook_runs_and_its_last_cell_says_how_to_hand_in(path):
    ran = execute.run(json.loads(path.read_text(encoding="utf-8")), ROOT / "data" / "fixtures")
    last = ran["cells"][-1]
    assert last["id"] == f"{path.stem.replace('_', '-')}-hand-in"
    (output,) = last["outputs"]
    assert "headway hand-in" in "".join(output["data"]["text/plain"])
