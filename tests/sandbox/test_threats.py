"""Which layer stops which harm: each alone, and each removed. docs/threat-model.md has the table."""

import contextlib
import re

import pytest
from harmful import ATTACKS, source
from headway_grader.sandbox import End, Raised
from headway_grader.sandbox.box import LAYERS
from jobs import job
from people import ROOT, USERS, judge_of

pytestmark = pytest.mark.slow

BASE = {"uid", "user", "no_new_privs"}  # what the others stand on
COLUMNS = ("mount", "net", "pid", "ipc", "rlimits", "landlock", "seccomp")
SCOPED = 6  # the version of Landlock's interface that the document's table is about
HOGS = {
    "hold more than a gigabyte": "np.empty(140 * 2**20)",
    "hold 100 open files": "[os.dup(1) for _ in range(100)]",
}
HARMS = ATTACKS | HOGS
ROW = re.compile(r"^\| (.+?) \|((?: [a-z]* ?\|)+)$", re.MULTILINE)


def stopped(judge, without, bait):
    """The harms that are stopped with these layers missing, and the layers that are left."""
    found = set()
    with judge.sandbox(without={*without, "audit"}, trust=True) as sandbox:
        for harm, body in HARMS.items():
            outcome = sandbox.run(job(source(body, server=judge.server(sandbox), **bait)))
            if outcome.end is End.FINISHED and all(isinstance(result, Raised) for result in outcome.results):
                found.add(harm)
        return found, {layer.name: layer.why for layer in sandbox.layers if layer.active}


def measured(user, bait):
    """For each harm and layer: `alone` if it stops the harm by itself, `only` if nothing else does."""
    words, layers = {harm: dict.fromkeys(COLUMNS, "") for harm in HARMS}, {}
    with contextlib.closing(judge_of(user)) as judge:
        for layer in COLUMNS:
            alone, active = stopped(judge, set(LAYERS) - BASE - {layer}, bait)
            rest, _ = stopped(judge, {layer}, bait)
            layers |= active
            for harm in alone:
                words[harm][layer] = "alone" if harm in rest else "only"
            assert HARMS.keys() - rest <= alone  # no harm takes two layers to stop
    return words, layers


def table(words):
    """The table as it stands in the document."""
    lines = [f"| a harm | {' | '.join(COLUMNS)} |", "|---|" + "---|" * len(COLUMNS)]
    lines += [f"| {harm} | {' | '.join(row.values())} |".replace("  ", " ") for harm, row in words.items()]
    return "\n".join(lines)


def documented():
    """The table of the document: words by harm and layer."""
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    rows = {harm: [cell.strip() for cell in cells.split("|")[:-1]] for harm, cells in ROW.findall(text)}
    return {harm: dict(zip(COLUMNS, row, strict=True)) for harm, row in rows.items() if harm in HARMS}


@pytest.mark.parametrize("user", USERS)
def test_the_table_of_harms_and_layers_is_the_one_in_the_document(user, bait):
    words, layers = measured(user, bait)
    print(f"\n{user}, with {', '.join(sorted(layers))}\n{table(words)}")
    told = documented()
    assert told.keys() == HARMS.keys()
    if "landlock" in layers and int(re.search(r"ABI (\d+)", layers["landlock"])[1]) < SCOPED:
        del layers["landlock"]
    compared = set(COLUMNS) & layers.keys()
    assert {"rlimits", "seccomp"} <= compared
    for harm, row in told.items():
        assert {name: words[harm][name] for name in compared} == {name: row[name] for name in compared}, harm
