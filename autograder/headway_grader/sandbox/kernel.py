"""Linux by hand: namespaces, an empty root, Landlock, capabilities. Only the warm process imports this."""

import ctypes
import os
import platform
import struct
from pathlib import Path

from headway_grader.sandbox import seccomp

NEWNS, NEWIPC, NEWUSER, NEWPID, NEWNET = 0x00020000, 0x08000000, 0x10000000, 0x20000000, 0x40000000
NOBODY = 65534

_SIGCHLD = 17
_CLONE = {"x86_64": 56, "aarch64": 220}.get(platform.machine())
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 1, 4, 22
_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 24, 38, 47
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT, _MS_BIND = 1, 2, 4, 8, 32, 4096
_MS_REC, _MS_PRIVATE, _MNT_DETACH = 16384, 1 << 18, 2

# PyDLL keeps the interpreter's lock: a child that `clone` makes must not have to wait for it.
_libc = ctypes.PyDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def clone(namespaces: int) -> int:
    """Forks straight into new namespaces (os.fork would need a second fork for a PID namespace).

    Only for a process with one thread and no work to do around a fork.
    """
    if _CLONE is None:
        if namespaces:
            raise OSError(f"no clone for {platform.machine()} processors")
        return os.fork()
    return _syscall(_CLONE, namespaces | _SIGCHLD, 0, 0, 0, 0)


def drop_root() -> str:
    """Becomes nobody, if this is root."""
    if os.getuid() != 0:
        return f"runs as uid {os.getuid()}, which is not root"
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    return f"root became uid {NOBODY}"


def enter_user_namespace() -> str:
    """A namespace in which this process may make the others; the uid stays what it is."""
    uid, gid = os.getuid(), os.getgid()
    _check(_libc.unshare(NEWUSER))
    _prctl(_PR_SET_DUMPABLE, 1)  # else /proc/self belongs to root, after a change of uid
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    Path("/proc/sys/user/max_user_namespaces").write_text("0")  # no further ones inside
    _prctl(_PR_SET_DUMPABLE, 0)
    return f"its only uid is {uid}"


def enter_empty_root() -> str:
    """An empty read-only file system, without /proc, /dev or anything else."""
    _check(_libc.unshare(NEWNS))
    _mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE)
    place = next(place for place in (b"/tmp", b"/mnt", b"/proc") if Path(os.fsdecode(place)).is_dir())
    _mount(b"none", place, b"tmpfs", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, b"size=4k,nr_inodes=2,mode=555")
    os.chdir(place)
    _check(_libc.pivot_root(b".", b"."))
    _check(_libc.umount2(b".", _MNT_DETACH))
    os.chdir("/")
    _mount(b"none", b"/", None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    return "its file system is empty and read-only"


def enter_empty_network() -> str:
    _check(_libc.unshare(NEWNET))
    return "no network devices but a loopback that is down"


def forbid_new_privileges() -> str:
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    return "no program can raise its rights"


def make_ruleset() -> tuple[int, str]:
    """Landlock, denying files, TCP, and signals and abstract sockets across the border, as far as it can."""
    abi = _syscall(_LANDLOCK_CREATE_RULESET, None, 0, 1)
    rights = {1: 13, 2: 14, 3: 15, 4: 15}.get(abi, 16)  # rights on files, by ABI
    files, net, scoped = (1 << rights) - 1, 0b11 if abi >= 4 else 0, 0b11 if abi >= 6 else 0
    handled = struct.pack("=QQQ", files, net, scoped)[: 8 if abi < 4 else 16 if abi < 6 else 24]
    return _syscall(_LANDLOCK_CREATE_RULESET, handled, len(handled), 0), f"ABI {abi}, everything denied"


def enter_landlock(ruleset: int) -> None:
    _syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0)


def bound_capabilities() -> str:
    """No program that is started from here on can gain capabilities. Those that this process has remain."""
    capability = 0
    while _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) == 0:  # fails after the last one
        capability += 1
    _prctl(_PR_CAP_AMBIENT, 4)
    return "given up by every worker"


def drop_capabilities() -> None:
    """Gives up all capabilities, for good."""
    header = struct.pack("=Ii", 0x20080522, 0)
    _check(_libc.capset(header, bytes(24)))


def filter_system_calls(program: seccomp.Program) -> None:
    _check(_libc.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(program), 0, 0))


def die_with_parent() -> None:
    """Asks to be killed when the warm process ends, and hides from others of this uid."""
    _prctl(_PR_SET_DUMPABLE, 0)
    _prctl(_PR_SET_PDEATHSIG, 9)


def _mount(source: bytes, target: bytes, kind: bytes | None, flags: int, data: bytes | None = None) -> None:
    _check(_libc.mount(source, target, kind, ctypes.c_ulong(flags), data))


def _prctl(option: int, value: int) -> None:
    zero = ctypes.c_ulong(0)
    _check(_libc.prctl(option, ctypes.c_ulong(value), zero, zero, zero))


def _syscall(number: int, *arguments: int | bytes | None) -> int:
    wide = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return _check(_libc.syscall(ctypes.c_long(number), *wide))


def _check(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
