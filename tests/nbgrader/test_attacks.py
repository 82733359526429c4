"""What earns full marks with stock nbgrader, or takes them from others, does nothing of the kind here.

Each file in attacks/ is an answer to softmax that is wrong and tries to pass all the same, or to do harm.
Behind each attacker in the class comes a classmate with right answers. The control grades the same attacks
with stock nbgrader (0.9.6 gave each what it is after): an attack that fails there would show nothing here.
"""

import os
import tempfile
from pathlib import Path

import pytest
from attack_class import ATTACKS, Class, exercises
from stock_class import StockClass

pytestmark = pytest.mark.slow

USERS = ("root", "ordinary") if os.getuid() == 0 else ("ordinary",)
DOORS = {"nbgrader": Class.through_nbgrader, "headway-grade run": Class.through_run}


@pytest.fixture(scope="module", params=USERS)
def attacked(request):
    with tempfile.TemporaryDirectory(prefix="headway-attacks-") as folder:
        Path(folder).chmod(0o755)
        attacked = Class(Path(folder), ordinary=request.param == "ordinary")
        attacked.fill()
        yield attacked


@pytest.fixture(scope="module", params=DOORS)
def points(request, attacked):
    return DOORS[request.param](attacked)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_earns_nothing_and_costs_its_own_exercise_alone(points, attack):
    assert points[attack] == exercises() | {"softmax": 0}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_classmate_graded_next_gets_full_marks(points, attack):
    assert points[f"{attack}-classmate"] == exercises()


def test_nothing_that_an_attack_wrote_is_left(points, attacked):
    assert list(attacked.root.rglob("*present*")) == []


def test_no_kernel_was_started(points, attacked):
    assert not (attacked.root / "kernel-started").exists()


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    return StockClass(tmp_path_factory.mktemp("stock")).grade()


SILENT = {"startup_file"}
DEADLY = {"sudden_exit", "sudden_exit_without_os"}


@pytest.mark.parametrize("attack", sorted(ATTACKS.keys() - SILENT - DEADLY))
def test_the_control_gives_full_marks_to_a_wrong_answer(stock, attack):
    assert stock[attack] == {"softmax": 2, "logsumexp": 2}


@pytest.mark.parametrize("attack", sorted(DEADLY))
def test_the_control_loses_a_whole_submission_to_a_sudden_exit(stock, attack):
    assert stock[attack] == {"softmax": None, "logsumexp": None}


def test_the_control_lets_one_learner_change_the_grade_of_the_next(stock):
    assert stock["before"] == {"softmax": 2, "logsumexp": 2}
    assert stock["y-startup_file"] == {"softmax": 0, "logsumexp": 2}
    assert stock["z-classmate"] == {"softmax": 0, "logsumexp": 0}  # right answers, and both take exponentials
