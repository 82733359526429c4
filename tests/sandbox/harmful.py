"""What hostile code tries. Each body of f returns if it did its harm and raises if it was stopped.

{bait} is a file that everybody may read, in a folder where everybody may write; the other names are of
sockets, of a segment of shared memory, and of processes, all of them the judge's.
"""

import os

SEGMENT = 0x48450000 + os.getpid() % 0x8000 * 2  # a key of shared memory, and the next one is free
IPC_CREAT = 0o1000

ATTACKS = {
    "read a system file": "open('/etc/passwd').read()",
    "read a classmate's file": "open({bait!r}).read()",
    "see whether a file is there": "os.stat({bait!r})",
    "list a folder": "os.listdir(os.path.dirname({bait!r}))",
    "load a fixture": "np.fromfile({bait!r}, np.uint8)",
    "read how the judge was started": "open('/proc/{judge}/cmdline').read()",
    "read its own memory map": "open('/proc/self/maps').read()",
    "write a file": "open({bait!r} + '.{server}', 'w').write('x')",
    "fill a folder with files": "[open({bait!r} + f'.{{i}}of{server}', 'w').close() for i in range(100)]",
    "share memory as a file": "(open('/dev/shm/{server}', 'w').close(), os.unlink('/dev/shm/{server}'))",
    "make a folder": "os.mkdir({bait!r} + '.folder{server}')",
    "make a link": "os.symlink('/etc', {bait!r} + '.link{server}')",
    "fork": "os.fork() or os._exit(0)",
    "fork twice and leave the session": "os.fork() or (os.setsid(), os.fork(), os._exit(0))",
    "start a thread": "_thread.start_new_thread(int, ())",
    "become another program": "os.execv('/bin/true', ['true'])",
    "run a program": "os.waitpid(os.posix_spawn('/bin/true', ['true'], {{}}), 0)",
    "signal the warm process": "os.kill({server}, 0)",
    "signal whatever there is": "os.kill(-1, 0)",
    "connect to the judge": "socket.socket().connect(('127.0.0.1', {tcp}))",
    "send a datagram": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {udp}))",
    "connect to a socket in a folder": "socket.socket(socket.AF_UNIX).connect({bait!r} + '.socket')",
    "connect to an abstract socket": "socket.socket(socket.AF_UNIX).connect({abstract!r})",
    "attach the judge's shared memory": "check(libc.shmget({segment}, 0, 0))",
}

_SOURCE = """
import ctypes, os, socket, _thread
libc = ctypes.CDLL(None, use_errno=True)

def check(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def f():
    {body}
    return 1
"""


def source(body, **bait):
    """A cell in which f does `body`."""
    return _SOURCE.format(body=body.format(**bait))
