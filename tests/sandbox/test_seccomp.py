"""The filter of system calls, run instruction by instruction as the kernel would."""

import errno
import struct

import pytest
from headway_grader.sandbox.seccomp import program

KILL, ALLOW, REFUSE = 0x80000000, 0x7FFF0000, 0x00050000 | errno.EPERM
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# From the kernel's tables, by name: (x86_64, aarch64); None where a processor has no such call.
NEEDED = {"read": (0, 63), "write": (1, 64), "mmap": (9, 222), "munmap": (11, 215), "brk": (12, 214)}
NEEDED |= {"futex": (202, 98), "exit_group": (231, 94), "clock_gettime": (228, 113), "getrandom": (318, 278)}
HARMFUL = {
    "open": (2, None),
    "openat": (257, 56),
    "openat2": (437, 437),
    "fork": (57, None),
    "vfork": (58, None),
    "clone": (56, 220),
    "clone3": (435, 435),
    "execve": (59, 221),
    "execveat": (322, 281),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "fsopen": (430, 430),
    "unshare": (272, 97),
    "setns": (308, 268),
    "prctl": (157, 167),
    "capset": (126, 91),
    "setrlimit": (160, 164),
    "prlimit64": (302, 261),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "io_uring_setup": (425, 425),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "memfd_create": (319, 279),
    "ioctl": (16, 29),
    "setuid": (105, 146),
}


def verdict(machine, number, architecture=None):
    """What the filter says to a system call."""
    code = list(struct.iter_unpack("=HBBI", program(machine)))
    data = {0: number, 4: architecture or ARCHITECTURES[machine]}
    at = accumulator = 0
    while True:
        operation, yes, no, value = code[at]
        at += 1
        if operation == 0x20:  # load a word
            accumulator = data[value]
        elif operation == 0x15:  # jump if equal
            at += yes if accumulator == value else no
        elif operation == 0x35:  # jump if at least
            at += yes if accumulator >= value else no
        else:
            assert operation == 0x06  # return
            return value


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_what_computing_needs_is_allowed(machine):
    column = list(ARCHITECTURES).index(machine)
    assert {name for name, numbers in NEEDED.items() if verdict(machine, numbers[column]) != ALLOW} == set()


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_what_can_harm_is_refused(machine):
    column = list(ARCHITECTURES).index(machine)
    numbers = {name: each[column] for name, each in HARMFUL.items() if each[column] is not None}
    assert {name for name, number in numbers.items() if verdict(machine, number) != REFUSE} == set()


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_calls_that_do_not_exist_yet_are_refused(machine):
    assert {verdict(machine, number) for number in range(437, 2000)} == {REFUSE}


def test_other_ways_to_call_are_closed():
    assert verdict("x86_64", 0x40000000) == REFUSE  # read, in the x32 ABI
    assert verdict("x86_64", 3, architecture=0x40000003) == KILL  # read, as a 32-bit program
    assert verdict("aarch64", 3, architecture=0x40000028) == KILL


def test_other_processors_have_no_filter():
    with pytest.raises(OSError, match="riscv64"):
        program("riscv64")
