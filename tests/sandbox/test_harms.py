"""Hostile code does no harm, whichever single layer is missing."""

import ctypes
import os
import shlex
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from harmful import ATTACKS, IPC_CREAT, SEGMENT, source
from headway_grader.sandbox import End, Layer, Raised, SandboxError
from headway_grader.sandbox.box import LAYERS
from headway_grader.sandbox.harms import MINIMUM, open_harms, require_minimum
from jobs import job
from people import as_ordinary_user


def attack(judge, sandbox, bait, body):
    """True if the attack was stopped and the run went on to its end."""
    outcome = sandbox.run(job(source(body, server=judge.server(sandbox), **bait)))
    assert not outcome.import_errors
    return outcome.end is End.FINISHED and all(type(result) is Raised for result in outcome.results)


@pytest.fixture(scope="module")
def bare(judge):
    """No layer at all, but for root's change of user."""
    with judge.sandbox(without=set(LAYERS) - {"uid"}, trust=True) as sandbox:
        yield sandbox


@pytest.mark.parametrize("body", ATTACKS.values(), ids=ATTACKS)
def test_harm_is_done_where_nothing_isolates(judge, bare, bait, body):
    assert not attack(judge, bare, bait, body)


@pytest.mark.parametrize("body", ATTACKS.values(), ids=ATTACKS)
def test_no_harm_is_done_in_the_sandbox(judge, sandbox, bait, body):
    assert attack(judge, sandbox, bait, body)


@pytest.mark.slow
@pytest.mark.parametrize("layer", [layer for layer in LAYERS if layer not in ("rlimits", "audit")])
def test_no_harm_is_done_with_one_layer_missing(judge, bait, layer):
    with judge.sandbox(without={layer, "audit"}) as sandbox:
        assert not {each.name: each.active for each in sandbox.layers}[layer]
        assert [name for name, body in ATTACKS.items() if not attack(judge, sandbox, bait, body)] == []


UNSHARE = ["unshare", "--user", "--map-current-user"]
LANDLOCK_CREATE_RULESET = 444


def granted(command):
    """Whether this machine lets an ordinary user do this."""
    return subprocess.run(as_ordinary_user(command), stderr=subprocess.DEVNULL).returncode == 0


def test_every_layer_that_the_kernel_grants_is_active(guarded):
    assert {layer.name for layer in guarded.layers} == set(LAYERS)
    expected = set(LAYERS)
    if not granted([*UNSHARE, "--mount", "--net", "--pid", "--ipc", "--fork", "true"]):
        expected -= {"user", "mount", "net", "pid", "ipc"}
    if ctypes.CDLL(None).syscall(LANDLOCK_CREATE_RULESET, None, 0, 1) < 1:
        expected -= {"landlock"}
    assert expected <= {layer.name for layer in guarded.layers if layer.active}
    assert all(layer.why for layer in guarded.layers)


WITHOUT_NAMESPACES = """
from headway_grader.sandbox import Sandbox
from harmful import source
from jobs import job
with Sandbox(without={'audit'}) as sandbox:
    print([layer.name for layer in sandbox.layers if layer.active])
    print([result.type for result in sandbox.run(job(source("open('/etc/passwd')"))).results])
    print([result.type for result in sandbox.run(job(source("os.fork()"))).results])
"""


def test_a_machine_without_user_namespaces_still_has_the_minimum():
    python = [sys.executable, "-c", WITHOUT_NAMESPACES]
    forbid = (
        "echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --ambient-caps=-all --inh-caps=-all "
    )
    inside = [*UNSHARE, "--keep-caps", "sh", "-c", forbid + shlex.join(python)]
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    done = subprocess.run(
        as_ordinary_user(inside if granted([*UNSHARE, "true"]) else python),
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    layers = "['uid', 'no_new_privs', 'capabilities', 'rlimits', 'landlock', 'seccomp']"
    assert done.stdout.splitlines() == [layers, "['PermissionError']", "['PermissionError']"], done.stderr


def test_without_limits_there_is_no_sandbox_unless_learners_are_trusted(judge):
    with pytest.raises(SandboxError, match=r"exhaust memory, CPU or disk.*switched off.*Docker.*--trust"):
        judge.sandbox(without={"rlimits"})
    with judge.sandbox(without={"rlimits"}, trust=True) as sandbox:
        assert sandbox.run(job("def f():\n    return 1")).end is End.FINISHED


def test_an_unknown_layer_is_named(judge):
    with pytest.raises(SandboxError, match="no layer is called armour; there are uid, user"):
        judge.sandbox(without={"armour"})


def test_a_harm_that_no_layer_stops_is_refused():
    for count in range(len(LAYERS) + 1):
        for active in combinations(LAYERS, count):
            layers = [Layer(name, name in active) for name in LAYERS]
            expected = [harm for harm, stops in MINIMUM.items() if not set(stops) & set(active)]
            assert open_harms(layers) == expected
    require_minimum([Layer("seccomp", True), Layer("rlimits", True)])


MOUNT = "check(libc.mount(b'none', b'/', b'tmpfs', 0, None))"
NAMESPACE = "check(libc.unshare(0x10000000))"


@pytest.mark.parametrize("body", [MOUNT, NAMESPACE], ids=["mount", "new user namespace"])
def test_the_rights_of_the_warm_process_are_not_its_workers(judge, bait, body):
    with judge.sandbox(without={"seccomp", "landlock", "audit"}) as sandbox:
        assert attack(judge, sandbox, bait, body)


def test_shared_memory_does_not_reach_the_next_run(judge, bait):
    make = f"check(libc.shmget({SEGMENT + 1}, 4096, {IPC_CREAT | 0o666}))"
    find = f"check(libc.shmget({SEGMENT + 1}, 0, 0))"
    with judge.sandbox(without={"seccomp", "audit"}) as sandbox:
        assert not attack(judge, sandbox, bait, make)
        assert attack(judge, sandbox, bait, find)
