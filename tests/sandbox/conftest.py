"""Properties hold for a judge who is root and for one who is not; an ordinary user tests the second alone."""

import contextlib
import ctypes
import os
import shutil
import socket
import tempfile
from pathlib import Path

import pytest
from harmful import IPC_CREAT, SEGMENT
from people import USERS, judge_of


@pytest.fixture(scope="session", params=USERS)
def judge(request):
    with contextlib.closing(judge_of(request.param)) as judge:
        yield judge


@pytest.fixture(scope="session")
def sandbox(judge):
    """All that the system does against a learner's code, which may do what it likes inside of its process."""
    with judge.sandbox(without={"audit"}) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def guarded(judge):
    with judge.sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def bait():
    """Things of the judge's that are within reach of every user of this machine."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    (folder / "bait").write_text("the answers")
    sockets = [socket.socket(socket.AF_INET), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)]
    sockets += [socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)]
    abstract = f"\0headway-{os.getpid()}"
    addresses = (("127.0.0.1", 0), ("127.0.0.1", 0), str(folder / "bait.socket"), abstract)
    for each, address in zip(sockets, addresses, strict=True):
        each.bind(address)
        if each.type == socket.SOCK_STREAM:
            each.listen(64)
    (folder / "bait.socket").chmod(0o777)
    libc = ctypes.CDLL(None)
    segment = libc.shmget(SEGMENT, 4096, IPC_CREAT | 0o666)
    yield {
        "bait": str(folder / "bait"),
        "judge": os.getpid(),
        "tcp": sockets[0].getsockname()[1],
        "udp": sockets[1].getsockname()[1],
        "abstract": abstract,
        "segment": SEGMENT,
    }
    libc.shmctl(segment, 0, None)  # IPC_RMID
    for each in sockets:
        each.close()
    shutil.rmtree(folder)
