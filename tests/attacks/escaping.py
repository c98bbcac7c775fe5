"""Attacks on files, on other processes, on the network, and on the kernel."""

from __future__ import annotations

from attack import EITHER, Attack

_MAYBE_DEAD = ("answered", "exception", "died")

ATTACKS = (
    Attack(
        "plant",
        "leave a file behind",
        """
        for folder in (*TRAPS["places"], ".", TRAPS["folder"], "/dev/shm", "/var/tmp"):
            path = os.path.join(folder, TRAPS["mark"])
            attempt("open " + folder, lambda: open(path, "w").close())
            attempt("mknod " + folder, os.mknod, path + ".node")
            attempt("mkfifo " + folder, os.mkfifo, path + ".fifo")
            attempt("mkdir " + folder, os.mkdir, path + ".folder")
            attempt("symlink " + folder, os.symlink, "/", path + ".link")
            attempt("O_TMPFILE " + folder, os.open, folder, os.O_TMPFILE | os.O_RDWR)
            attempt("save " + folder, np.save, path, np.ones(1))
        """,
    ),
    Attack(
        "overwrite_results",
        "write one's own points",
        """
        attempt("w", open, TRAPS["results"], "w")
        attempt("a", open, TRAPS["results"], "a")
        attempt("r+", open, TRAPS["results"], "r+")
        attempt("truncate", os.truncate, TRAPS["results"], 0)
        attempt("tofile", np.ones(1).tofile, TRAPS["results"])
        attempt("memmap", np.memmap, TRAPS["results"], np.uint8, "r+")
        def sql():
            import sqlite3
            sqlite3.connect(TRAPS["results"]).execute("create table points (x)")
        attempt("sqlite", sql)
        """,
    ),
    Attack(
        "delete_results",
        "remove or replace what others have earned",
        """
        attempt("unlink", os.unlink, TRAPS["results"])
        attempt("rename", os.rename, TRAPS["results"], TRAPS["results"] + ".old")
        attempt("replace", os.replace, TRAPS["secret"], TRAPS["results"])
        attempt("rmdir", os.rmdir, os.path.join(TRAPS["folder"], "empty"))
        """,
    ),
    Attack(
        "change_results",
        "change a file's rights, owner, times or attributes",
        """
        attempt("chmod", os.chmod, TRAPS["results"], 0o600)
        attempt("chown", os.chown, TRAPS["results"], os.getuid(), os.getgid())
        attempt("lchown", os.lchown, TRAPS["results"], os.getuid(), os.getgid())
        attempt("utime", os.utime, TRAPS["results"], (0, 0))
        attempt("setxattr", os.setxattr, TRAPS["results"], "user.points", b"8")
        attempt("link", os.link, TRAPS["results"], TRAPS["results"] + ".link")
        attempt("fchmodat2", system, 452, -100, TRAPS["results"].encode(), 0o600, 0)
        """,
    ),
    Attack(
        "change_submission",
        "change one's own submission after it was handed in",
        """
        # Only where this is its own folder: it may run where nothing holds it.
        if os.path.exists(TRAPS["own"]):
            attempt("rewrites", open, TRAPS["own"], "a")
            attempt("makes writable", os.chmod, TRAPS["own"], 0o777)
            attempt("makes the folder writable", os.chmod, ".", 0o777)
            attempt("removes", os.unlink, TRAPS["own"])
        """,
    ),
    Attack(
        "change_the_harness",
        "change the harness for all who come later",
        """
        package = os.path.dirname(os.path.dirname(sys.modules["gradcheck.submission"].__file__))
        attempt("appends", open, os.path.join(package, "submission", "wire.py"), "a")
        attempt("plants", open, os.path.join(package, TRAPS["mark"] + ".py"), "w")
        beside_numpy = os.path.join(os.path.dirname(np.__file__), TRAPS["mark"] + ".py")
        attempt("plants in numpy", open, beside_numpy, "w")
        """,
    ),
    Attack(
        "shell",
        "run another program",
        """
        attempt("Popen", subprocess.Popen, ["/bin/sh", "-c", "sleep 30 # " + TRAPS["mark"]])
        attempt("system", lambda: os.system("echo > " + TRAPS["results"]) and 1 / 0)
        attempt("popen", lambda: os.popen("id").read() or 1 / 0)
        """,
    ),
    Attack(
        "exec",
        "become another program that holds the connection",
        """
        try: os.set_inheritable(line(), True)
        except OSError: pass
        for path in ("/bin/sh", "/usr/bin/env", sys.executable):
            attempt("exec", os.execv, path, [path, "-c", "sleep 30 # " + TRAPS["mark"]])
        attempt("execveat", system, 322, -100, b"/bin/sh", 0, 0, 0)
        """,
        ends=("answered", "timeout"),
    ),
    Attack(
        "program_in_memory",
        "run a program that lies in no file",
        """
        handle = attempt("memfd_create", os.memfd_create, "x")
        if handle:
            attempt("writes it", os.write, handle, b"#!/bin/sh\\nsleep 30")
        attempt("memfd_secret", system, 447, 0)
        """,
    ),
    Attack(
        "daemon",
        "live on in a session of one's own",
        """
        ctypes.CDLL(None).prctl(15, TRAPS["mark"].encode(), 0, 0, 0)
        def daemon():
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    for number in range(64):
                        try: os.close(number)
                        except OSError: pass
                    time.sleep(60)
                os._exit(0)
        attempt("leaves a daemon", daemon)
        """,
        ends=("answered", "died"),
    ),
    Attack(
        "network",
        "send what was learnt over the network",
        """
        def tcp(family, address):
            with socket.socket(family, socket.SOCK_STREAM) as sock:
                sock.settimeout(0.1)
                sock.connect(address)
                sock.sendall(b"loot")
        def udp(family, address):
            with socket.socket(family, socket.SOCK_DGRAM) as sock:
                return sock.sendto(b"loot", address)
        attempt("tcp", tcp, socket.AF_INET, ("127.0.0.1", TRAPS["tcp"]))
        attempt("udp", udp, socket.AF_INET, ("127.0.0.1", TRAPS["udp"]))
        attempt("udp 6", udp, socket.AF_INET6, ("::1", TRAPS["udp"]))
        attempt("create_connection", socket.create_connection, ("127.0.0.1", TRAPS["tcp"]), 0.1)
        """,
    ),
    Attack(
        "sockets",
        "have a socket of any kind",
        """
        for family in (1, 2, 10, 16, 17, 38, 40):
            for kind in (1, 2, 3, 5):
                attempt(f"socket {family} {kind}", socket.socket, family, kind)
        for kind in (2, 3, 5):
            attempt(f"socketpair {kind}", socket.socketpair, 1, kind)
        pair = socket.socketpair()[0]
        attempt("names an address", pair.sendto, b"loot", TRAPS["unix"])
        attempt("connects a pair", pair.connect, TRAPS["unix"])
        attempt("sends a descriptor", socket.send_fds, pair, [b"loot"], [0])
        attempt("listens", socket.create_server, ("127.0.0.1", 0))
        """,
    ),
    Attack(
        "local_sockets",
        "talk to a service of this machine",
        """
        def talk(address):
            sock = socket.socket(socket.AF_UNIX)
            sock.connect(address)
            sock.sendall(b"loot")
        def send(address):
            return socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"loot", address)
        for address in (TRAPS["unix"], chr(0) + TRAPS["abstract"]):
            attempt("connects", talk, address)
            attempt("sends", send, address)
        attempt("connects what it has", lambda: socket.socket(fileno=line()).connect(TRAPS["unix"]))
        """,
    ),
    Attack(
        "kill_others",
        "end other people's processes",
        """
        other = TRAPS["sentinel"]
        for number in (0, signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP):
            attempt(f"kills with {number}", os.kill, other, number)
            attempt(f"kills the group with {number}", os.killpg, other, number)
            attempt(f"pidfd {number}", lambda: signal.pidfd_send_signal(os.pidfd_open(other), number))
            attempt(f"tkill {number}", system, 200, other, number)
            attempt(f"tgkill {number}", system, 234, other, other, number)
        attempt("rt_sigqueueinfo", system, 129, other, 9, (ctypes.c_int * 32)(9, 0, -1))
        # Signal 0 asks for permission and does nothing: harmless where the door is open.
        attempt("may kill everything", os.kill, -1, 0)
        attempt("may kill the grader", os.kill, TRAPS["grader"], 0)
        """,
    ),
    Attack(
        "kill_the_server",
        "end or stop the fork server",
        """
        for number in (signal.SIGSTOP, signal.SIGKILL):
            attempt(f"kills with {number}", os.kill, os.getppid(), number)
        """,
        ends=("answered", "died", "timeout"),
    ),
    Attack(
        "signal_by_the_kernel",
        "have the kernel send the signal when the connection has news",
        """
        import fcntl
        number = line()
        for pid in (os.getppid(), TRAPS["sentinel"]):
            attempt("F_SETOWN", fcntl.fcntl, number, fcntl.F_SETOWN, pid)
            attempt("F_SETOWN_EX", fcntl.fcntl, number, 15, bytes(ctypes.c_int(1)) + bytes(ctypes.c_int(pid)))
            attempt("FIOSETOWN", fcntl.ioctl, number, 0x8901, bytes(ctypes.c_int(pid)))
            attempt("SIOCSPGRP", fcntl.ioctl, number, 0x8902, bytes(ctypes.c_int(pid)))
        attempt("F_SETSIG", fcntl.fcntl, number, 10, signal.SIGKILL)
        attempt("O_ASYNC", lambda: fcntl.fcntl(number, fcntl.F_SETFL, os.O_ASYNC))
        attempt("FIOASYNC", fcntl.ioctl, number, 0x5452, bytes(ctypes.c_int(1)))
        attempt("F_NOTIFY", fcntl.fcntl, number, 1026, 0x7FFFFFFF)
        attempt("mq_notify", system, 244, 0, bytes(64))
        attempt("timer_create", system, 222, 0, bytes(64), bytes(8))
        """,
        ends=_MAYBE_DEAD,
    ),
    Attack(
        "dead_mans_signal",
        "have the kernel send a signal to the parent by one's own end",
        """
        attempt("clone with CLONE_PARENT", lambda: system(56, 0x8000 | 9, 0, 0, 0, 0) or os._exit(0))
        attempt("prctl PDEATHSIG", system, 157, 1, 0, 0, 0, 0)
        attempt("prctl DUMPABLE", system, 157, 4, 1, 0, 0, 0)
        attempt("prctl SUBREAPER", system, 157, 36, 1, 0, 0, 0)
        """,
    ),
    Attack(
        "debugger",
        "debug the fork server or a neighbour",
        """
        for pid in (os.getppid(), TRAPS["sentinel"]):
            attempt("PTRACE_SEIZE", system, 101, 0x4206, pid, 0, 0)
            attempt("kcmp", system, 312, os.getpid(), pid, 0, 0, 0)
        attempt("PTRACE_TRACEME", system, 101, 0, 0, 0, 0)
        """,
        ends=_MAYBE_DEAD,
    ),
    Attack(
        "shared_memory",
        "leave memory to a later submission",
        """
        def remember():
            handle = system(29, 0, 4096, 0o1666)
            system(31, handle, 0, 0)
            return handle
        attempt("SysV shared memory", remember)
        attempt("SysV semaphores", lambda: system(66, system(64, 0, 1, 0o1666), 0, 0))
        attempt("SysV messages", lambda: system(71, system(68, 0, 0o1666), 0, 0))
        attempt("POSIX shared memory", lambda: __import__("_posixshmem").shm_open(
            "/" + TRAPS["mark"], os.O_CREAT | os.O_RDWR, 0o600))
        queue = TRAPS["mark"].encode()
        create = os.O_CREAT | os.O_RDWR
        attempt("POSIX messages", lambda: system(240, queue, create, 0o600, 0) and system(241, queue))
        attempt("keyring", system, 248, b"user", queue, b"loot", 4, -2)
        """,
    ),
    Attack(
        "namespaces",
        "enter a world where one is root",
        """
        for flag in (0x10000000, 0x20000000, 0x40000000, 0x20000, 0x4000000, 0x8000000, 0x2000000):
            attempt(f"unshare {flag:x}", system, 272, flag)
        attempt("setns", system, 308, 3, 0)
        attempt("chroot", os.chroot, ".")
        attempt("pivot_root", system, 155, b".", b".")
        attempt("mount", system, 165, b"x", TRAPS["folder"].encode(), b"no such type", 0, 0)
        """,
    ),
    Attack(
        "become_root",
        "change who one is",
        """
        if os.getuid() == 0:
            reached("root without any effort")
        for name in ("setuid", "seteuid", "setgid", "setegid"):
            attempt(name, getattr(os, name), 0)
        attempt("setresuid", os.setresuid, 0, 0, 0)
        attempt("setgroups", os.setgroups, [0])
        everything = (ctypes.c_uint32 * 6)(*6 * [2**32 - 1])
        attempt("capset", system, 126, (ctypes.c_uint32 * 2)(0x20080522, 0), everything)
        """,
    ),
    Attack(
        "kernel_surface",
        "reach the parts of the kernel that bugs are found in",
        """
        import errno
        doors = {"io_uring_setup": 425, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "keyctl": 250,
                 "add_key": 248, "fsopen": 430, "modify_ldt": 154, "quotactl": 179, "fanotify_init": 300,
                 "inotify_init": 253, "epoll_pwait2": 441, "vmsplice": 278, "splice": 275, "seccomp": 317,
                 "process_madvise": 440, "pidfd_getfd": 438, "landlock_create_ruleset": 444, "acct": 163}
        for name, number in doors.items():
            try:
                system(number, -1, 0, 0, 0, 0)
            except OSError as error:
                if error.errno not in (None, errno.EPERM, errno.EACCES, errno.ENOSYS):
                    reached(name)
            else:
                reached(name)
        """,
    ),
    Attack(
        "other_tables",
        "call the kernel by the numbers of another system, which a filter may not know",
        """
        attempt("x32 socket", system, 0x40000000 | 41, 2, 1, 0)
        attempt("x32 fork", lambda: system(0x40000000 | 57) or system(60, 0))
        """,
        ends=_MAYBE_DEAD,
    ),
    Attack(
        "int_80",
        "call the kernel as a 32-bit program does",
        """
        import mmap
        def strike(student, *inputs, **options):
            if os.uname().machine != "x86_64":
                return student(*inputs, **options)
            page = mmap.mmap(-1, 4096, prot=7)
            # socket(AF_INET, SOCK_STREAM, 0), number 359 there
            page.write(bytes.fromhex("53 b867010000 bb02000000 b901000000 ba00000000 cd80 5b c3"))
            here = ctypes.addressof(ctypes.c_char.from_buffer(page))
            if ctypes.CFUNCTYPE(ctypes.c_int)(here)() >= 0:
                reached("a socket")
            return student(*inputs, **options)
        """,
        ends=_MAYBE_DEAD,
    ),
    Attack(
        "landlock_holes",
        "do to files what Landlock does not know of",
        """
        attempt("readlink", os.readlink, f"/proc/{os.getppid()}/cwd")
        attempt("flock", lambda: __import__("fcntl").flock(os.open(TRAPS["results"], os.O_RDONLY), 2))
        attempt("inotify", system, 254, 0, TRAPS["folder"].encode(), 0xFFF)
        """,
    ),
    Attack(
        "out_of_the_scratch_folder",
        "reach from the scratch folder what lies outside of it",
        """
        scratch = os.environ["TMPDIR"]
        inside = os.path.join(scratch, "inside")
        open(inside, "w").close()
        attempt("moves out", os.rename, inside, os.path.join(TRAPS["folder"], TRAPS["mark"]))
        attempt("moves in", os.rename, TRAPS["results"], os.path.join(scratch, "results"))
        attempt("exchanges", system, 316, -100, inside.encode(), -100, TRAPS["results"].encode(), 2)
        attempt("links", os.link, TRAPS["results"], os.path.join(scratch, "link"))
        attempt("links by name", os.symlink, TRAPS["folder"], os.path.join(scratch, "way"))
        attempt("looks around", os.listdir, os.path.dirname(scratch))
        attempt("makes rights", system, 268, -100, inside.encode(), 0o4777)
        os.chmod(inside, 0o4777)  # which does nothing
        if os.stat(inside).st_mode & 0o4001:
            reached("rights")
        attempt("a pipe", os.mkfifo, os.path.join(scratch, "pipe"))
        attempt("a truncated module", os.open, np.__file__, os.O_RDONLY | os.O_TRUNC)
        def run():
            with open(os.path.join(scratch, "program"), "w") as file:
                file.write("#!/bin/sh\\nsleep 30")
            os.execv(file.name, [file.name])
        attempt("runs a program of its own", run)
        """,
        ends=EITHER,
    ),
    Attack(
        "other_packages",
        "have gradients computed by an installed package, or the harness's own answers",
        """
        import importlib.machinery
        def find(name):
            sys.meta_path[:] = [importlib.machinery.PathFinder]
            sys.path.append(os.path.dirname(os.path.dirname(np.__file__)))
            sys.path_importer_cache.clear()
            return __import__(name)
        attempt("torch", lambda: find("torch").Tensor)
        attempt("gradcheck.oracle", find, "gradcheck.oracle")
        site = os.path.dirname(os.path.dirname(np.__file__))
        attempt("torch's code", read, os.path.join(site, "torch", "__init__.py"))
        attempt("the oracle's code", read, os.path.join(TRAPS["package"], "oracle", "autograd.py"))
        """,
    ),
)
