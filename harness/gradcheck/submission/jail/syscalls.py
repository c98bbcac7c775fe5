"""The seccomp allow-list: what Python and NumPy need to compute, to read, and to fill the scratch folder."""

from __future__ import annotations

import enum
import errno
import platform
from dataclasses import dataclass

from gradcheck.submission.jail.bpf import Among, Differs, Lacks, Rule

_X86_64, _AARCH64 = 0xC000003E, 0xC00000B7
"""AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 of linux/audit.h."""

_WRITING = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000
"""O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND."""
_REFUSED = 0o10000000 | 0o20000000
"""O_PATH, which Landlock ignores, and O_TMPFILE's own bit."""
_ACCESS, _TRUNCATE = 0o3, 0o1000
_F_DUPFD, _F_GETFD, _F_GETFL, _F_DUPFD_CLOEXEC = 0, 1, 3, 1030
_F_SETFD, _F_GETLK, _F_SETLK, _F_SETLKW = 2, 5, 6, 7
_THREAD = 0x10000
"""CLONE_THREAD; the kernel insists that a thread shares its memory and its handlers."""
_OF_THREADS = 0x3D0F00 | _THREAD | 0x400000 | 0x1000000
"""What the C library asks for when it starts a thread."""
_HERE = 0xFFFFFF9C
"""AT_FDCWD: a path from the current folder, and so one of bounded length."""


class Files(enum.IntEnum):
    """What a filter allows of files; where they may be opened at all, something else says which."""

    NONE = 0
    READ = 1
    WRITE = 2


@dataclass(frozen=True)
class Machine:
    """One architecture: how the kernel calls it, and its column in the tables below."""

    audit: int
    column: int


MACHINES = {
    "x86_64": Machine(_X86_64, 0),
    "aarch64": Machine(_AARCH64, 1),
}

# Name -> number on x86_64 and on aarch64; the most frequent first, for the kernel asks in this order.
_Table = dict[str, tuple[int | None, int | None]]
_COMPUTE: _Table = {
    "read": (0, 63),
    "write": (1, 64),
    "mmap": (9, 222),
    "munmap": (11, 215),
    "brk": (12, 214),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "futex": (202, 98),
    "readv": (19, 65),
    "writev": (20, 66),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "pread64": (17, 67),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "poll": (7, None),
    "ppoll": (271, 73),
    "sched_yield": (24, 124),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "times": (100, 153),
    "getrandom": (318, 278),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getppid": (110, 173),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "getrusage": (98, 165),
    "getrlimit": (97, 163),
    "sched_getaffinity": (204, 123),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "setitimer": (38, 103),
    "getitimer": (36, 102),
    "alarm": (37, None),
    "select": (23, None),
    "pselect6": (270, 72),
    "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21),
    "epoll_wait": (232, None),
    "epoll_pwait": (281, 22),
    "getsockname": (51, 204),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
_READ: _Table = {
    "newfstatat": (262, 79),
    "stat": (4, None),
    "lstat": (6, None),
    "statx": (332, 291),
    "getdents64": (217, 61),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "getcwd": (79, 17),
    "dup": (32, 23),
    "statfs": (137, 43),
    "fstatfs": (138, 44),
    "chdir": (80, 49),
    "fchdir": (81, 50),
    "fadvise64": (221, 223),
    "flock": (73, 32),
}
_WRITE: _Table = {
    "pwrite64": (18, 68),
    "ftruncate": (77, 46),
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "msync": (26, 227),
    "mkdir": (83, None),
    "rmdir": (84, None),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "umask": (95, 166),
}
_OPEN, _OPENAT, _FCNTL, _PRLIMIT64 = (2, None), (257, 56), (72, 25), (302, 261)
_CLONE, _CLONE3, _MKDIRAT, _IOCTL = (56, 220), (435, 435), (258, 34), (16, 29)
_FIONCLEX, _FIOCLEX, _FIONBIO = 0x5450, 0x5451, 0x5421
_PIPE, _PIPE2 = (22, None), (293, 59)
_SOCKETPAIR, _SENDTO, _RECVFROM = (53, 199), (44, 206), (45, 207)
_AF_UNIX, _SOCK_STREAM = 1, 1
_CLOEXEC, _NONBLOCK = 0o2000000, 0o4000
"""Bits of a pipe's and of a socket's kind, alike."""
_XATTRS: _Table = {"listxattr": (194, 11), "llistxattr": (195, 12), "flistxattr": (196, 13)}


def rules(machine: Machine, files: Files) -> list[Rule]:
    """What is allowed: to compute, in several threads, and to do with files what `files` says."""
    table = _COMPUTE | (_READ if files else {}) | (_WRITE if files is Files.WRITE else {})
    allowed = [Rule(number) for numbers in table.values() if (number := numbers[machine.column]) is not None]
    # To ask for one's own limits, not to set them: the process is 0, the new limit a null pointer.
    own_limits = (Among(0, 0), Among(4, 0), Among(5, 0))
    allowed.append(_rule(_PRLIMIT64, machine, *own_limits))
    # A thread and nothing else. What clone3 is asked for lies in memory, where no filter can look: the
    # C library falls back to clone where it is not there.
    thread = Differs(0, _THREAD, 0), Lacks(0, ~_OF_THREADS & 0xFFFFFFFF), Among(1, 0)
    allowed.append(_rule(_CLONE, machine, *thread))
    allowed.append(Rule(_number(_CLONE3, machine), error=errno.ENOSYS))
    allowed += _conversing(machine)
    allowed.append(_rule(_IOCTL, machine, Among(2, _FIONCLEX, _FIOCLEX, _FIONBIO)))
    if files:
        allowed += _opening(machine, files)
    return allowed


def _opening(machine: Machine, files: Files) -> list[Rule]:
    allowed = []
    for numbers, word in ((_OPENAT, 4), (_OPEN, 2)):
        if numbers[machine.column] is not None:
            if files is Files.WRITE:
                # Older Landlocks let a file that may be read be truncated.
                checks = Lacks(word, _REFUSED), Differs(word, _ACCESS | _TRUNCATE, _TRUNCATE)
                allowed.append(_rule(numbers, machine, *checks))
            else:
                allowed.append(_rule(numbers, machine, Lacks(word, _REFUSED | _WRITING)))
    # F_SETOWN would let the kernel send a signal to any process of this user; so would some of ioctl's.
    known = [_F_DUPFD, _F_GETFD, _F_GETFL, _F_DUPFD_CLOEXEC]
    if files is Files.WRITE:
        known += [_F_SETFD, _F_GETLK, _F_SETLK, _F_SETLKW]
        allowed.append(_rule(_MKDIRAT, machine, Among(0, _HERE)))
    allowed.append(_rule(_FCNTL, machine, Among(2, *known)))
    # Who copies a file asks for its attributes, and takes it well that the file system knows of none.
    allowed += [Rule(_number(numbers, machine), error=errno.EOPNOTSUPP) for numbers in _XATTRS.values()]
    return allowed


def _conversing(machine: Machine) -> list[Rule]:
    """A process with itself: pipes and connected pairs of sockets, as asyncio has them.

    No address is ever named, so that nothing beyond can be reached.
    """
    unnamed = Among(8, 0), Among(9, 0)
    pair = Among(0, _AF_UNIX), Lacks(2, ~(_CLOEXEC | _NONBLOCK | _SOCK_STREAM) & 0xFFFFFFFF), Among(4, 0)
    allowed = [
        _rule(_PIPE2, machine, Lacks(2, ~(_CLOEXEC | _NONBLOCK) & 0xFFFFFFFF)),
        _rule(_SOCKETPAIR, machine, *pair),
        _rule(_SENDTO, machine, *unnamed),
        _rule(_RECVFROM, machine, *unnamed),
    ]
    if _PIPE[machine.column] is not None:
        allowed.append(_rule(_PIPE, machine))
    return allowed


def this_machine() -> Machine | None:
    """The architecture that this process runs on; None for one without a table."""
    return MACHINES.get(platform.machine())


def _rule(numbers: tuple[int | None, int | None], machine: Machine, *checks: Among | Lacks | Differs) -> Rule:
    return Rule(_number(numbers, machine), checks)


def _number(numbers: tuple[int | None, int | None], machine: Machine) -> int:
    number = numbers[machine.column]
    assert number is not None
    return number
