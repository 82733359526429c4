"""The front of the judge withstands what is mangled; and what looks at it would notice if it did not."""

import subprocess
import sys
from pathlib import Path

import fuzzing
import mangled_fixtures
import mangled_zips
import pytest
from drafts import BASES
from mangled_files import DAMAGES, FORMS, RARE_DAMAGES, TEXTS
from manglings import MANGLINGS, REWRITINGS
from odd_code import MONSTERS, SMALL

EVERY_KIND = {
    *(f"from {base.__name__}" for base in BASES),
    "from fixtures",
    *(f"rewritten {way}" for way in REWRITINGS),
    *MANGLINGS,
    *(f"{group} {name}" for group, oddities in SMALL.items() for name in oddities),
    *(f"monster {name}" for name in MONSTERS),
    *(f"as {form.__name__}" for form in FORMS),
    *TEXTS,
    *DAMAGES,
    *RARE_DAMAGES,
    *(f"zip {way}" for way in mangled_zips.CONTENTS),
    *mangled_zips.PATCHES,
    *mangled_fixtures.CONTENTS,
    *mangled_fixtures.WHOLE,
    *mangled_fixtures.DAMAGED,
    *(f"place {way}" for way in ("folders", "flat", "capitals", "nameless")),
    "wrong suffix",
    "too deep",
}


def test_a_sample_of_mangled_files_does_no_harm_and_costs_no_answer():
    summary = fuzzing.run(0, 200)
    assert summary.faults == []
    assert len(summary.reports) == 200
    assert summary.promised == sum(report.found for report in summary.reports) > 400


@pytest.mark.slow
def test_ten_thousand_mangled_files_do_no_harm_and_cost_no_answer():
    summary = fuzzing.run(1_000, 10_000)
    print(summary.text())
    assert summary.faults == []
    assert len({report.seed for report in summary.reports}) == 10_000
    assert summary.promised == sum(report.found for report in summary.reports) > 20_000
    assert 1_000 < sum(report.refused for report in summary.reports) < 5_000
    assert {kind for kind in EVERY_KIND if summary.kinds[kind] < 3} == set()
    assert set(summary.kinds) - EVERY_KIND == {
        kind for kind in summary.kinds if kind.startswith("notebook ")
    } | {"deep"}


def test_a_seed_makes_the_same_case_in_any_process():
    say = "import sys, fuzzing; print([hash(c.content) for c in map(fuzzing.make, range(30))])"
    folder = str(Path(fuzzing.__file__).parent)
    said = {
        subprocess.run(
            [
                sys.executable,
                "-c",
                f"import sys; sys.path.insert(0, {folder!r}); {say.replace('hash', 'sum')}",
            ],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


ODD_FRONTS = {
    "raises": ("raise KeyError(case.seed)", "KeyError"),
    "ends": ("os._exit(3)", "ended its process: status 3"),
    "loops": ("while True: pass", "it took too much CPU"),
    "loops in C": ("sum(range(10**12))", "it took too much CPU"),
    "waits": ("time.sleep(99)", "it waits for ever"),
    "grows": ("b'x' * (1 << 30); return fuzzing.Report(case.seed)", "took 10"),
    "loses": (
        "return fuzzing._through_judge(replace(case, promised={'softmax': 'x'}), folder)",
        "lost softmax",
    ),
}


@pytest.mark.parametrize("way", ODD_FRONTS)
def test_a_front_with_a_fault_is_reported_with_the_seed_and_the_others_go_on(way, tmp_path):
    body, said = ODD_FRONTS[way]
    limits = {"waits": (20, 1), "loops": (0.3, 99), "loops in C": (0.3, 99)}.get(way, (20, 99))
    program = tmp_path / "odd_front.py"
    program.write_text(
        f"import os, sys, time\nfrom dataclasses import replace\n"
        f"sys.path.insert(0, {str(Path(fuzzing.__file__).parent)!r})\n"
        f"import fuzzing\nfuzzing.CPU_SECONDS, fuzzing.WALL_SECONDS = {limits}\n"
        f"def odd(case, folder):\n"
        f"    if case.seed != 3: return fuzzing.Report(case.seed)\n"
        f"    (folder / case.place).parent.mkdir(parents=True)\n"
        f"    (folder / case.place).write_bytes(case.content)\n"
        f"    {body}\n"
        f"fuzzing.serve(*map(int, sys.argv[1:]), odd)\n"
    )
    summary = fuzzing.run(1, 4, jobs=1, command=(sys.executable, str(program)))
    assert [report.seed for report in summary.reports if report.faults] == [3]
    assert len(summary.reports) == 4
    (fault,) = summary.faults
    assert fault.startswith("seed 3 ")
    assert said in fault
