"""Attacks on time, memory, and everything else that runs out."""

from __future__ import annotations

from attack import ANSWERED, EITHER, FAILED, STOPPED, Attack

_SPENT = ("memory", "died", "exception", "timeout")

ATTACKS = (
    Attack(
        "deaf_loop",
        "loop, and ignore every signal",
        """
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            try: signal.signal(number, signal.SIG_IGN)
            except OSError: pass
        while True: pass
        """,
        ends=STOPPED,
    ),
    Attack(
        "swallowing_loop",
        "loop, and catch every exception",
        """
        def strike(student, *inputs, **options):
            while True:
                try: time.sleep(0.01)
                except BaseException: continue
        """,
        ends=STOPPED,
    ),
    Attack(
        "stopped",
        "stop, so that nothing that is polite ends it",
        """
        def strike(student, *inputs, **options):
            try: os.kill(os.getpid(), signal.SIGSTOP)
            except OSError: pass
            while True: time.sleep(9)
        """,
        ends=STOPPED,
    ),
    Attack(
        "within_numpy",
        "stay in a C function that no exception reaches",
        """
        giant = np.ones((3000, 3000))
        while True: giant = giant @ giant * 0
        """,
        ends=(*STOPPED, "answered"),  # between two products the alarm may be heard
    ),
    Attack(
        "within_python",
        "stay in a C function of Python's own that no exception reaches",
        "sum(range(10 ** 15))",
        ends=STOPPED,
    ),
    Attack(
        "within_re",
        "stay in a regular expression",
        """
        import re
        def strike(student, *inputs, **options):
            re.match("(a+)+$", "a" * 60 + "b")
        """,
        ends=STOPPED,
    ),
    Attack(
        "interrupted",
        "run on and on when loaded, and be interrupted for it",
        "while True: time.sleep(9)",
        ends=("answered", "timeout"),
    ),
    Attack(
        "deaf_to_the_alarm",
        "run on and on when loaded, without the signal that interrupts it",
        """
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        while True: pass
        """,
        ends=STOPPED,
    ),
    Attack(
        "catches_the_alarm",
        "run on and on when loaded, whatever is raised",
        """
        while True:
            try:
                while True: time.sleep(9)
            except BaseException: pass
        """,
        ends=STOPPED,
    ),
    Attack(
        "rings_for_ever",
        "interrupt the harness's own part by an alarm of one's own",
        """
        def ring(*_): raise TimeoutError
        signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, 1e-3, 1e-3)
        """,
        ends=("answered", "exception", "died", "protocol"),
    ),
    Attack(
        "compiling",
        "take all the time and memory of the compiler",
        """
        def strike(student, *inputs, **options):
            return eval("(" * 5000 + ")" * 5000) or compile("x = " + "-" * 3_000_000 + "1", "", "exec")
        """,
        ends=_SPENT,
    ),
    Attack(
        "memory_bomb",
        "use all memory, bit by bit",
        """
        def strike(student, *inputs, **options):
            bomb = []
            while True: bomb.append(bytearray(1 << 20))
        """,
        ends=_SPENT,
    ),
    Attack(
        "memory_at_once",
        "use all memory, at once and by the C library",
        """
        def strike(student, *inputs, **options):
            libc = ctypes.CDLL(None)
            libc.malloc.restype = libc.mmap.restype = ctypes.c_void_p
            for _ in range(64):
                here = libc.malloc(ctypes.c_size_t(1 << 28))
                if here:
                    ctypes.memset(here, 1, 1 << 28)
            return np.ones((1 << 28,))
        """,
        ends=_SPENT,
    ),
    Attack(
        "memory_kept_after_all",
        "survive one's own MemoryError, over and over",
        """
        bomb = []
        def strike(student, *inputs, **options):
            while True:
                try: bomb.append(np.ones(1 << 22))
                except MemoryError: bomb.append(0)
        """,
        ends=_SPENT,
    ),
    Attack(
        "locked_memory",
        "pin memory, map it without using it, map it to execute it",
        """
        import mmap, resource
        def giant(flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, size=1 << 33):
            return mmap.mmap(-1, size, flags)
        attempt("maps 8 GiB", giant)
        attempt("maps 8 GiB without reserve", giant, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)
        attempt("maps huge pages", giant, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40000, 1 << 21)
        attempt("locks memory", system, 151, 3)
        """,
    ),
    Attack(
        "fork_bomb",
        "be many",
        """
        for _ in range(40):
            child = attempt("forks", os.fork)
            if child == 0:
                time.sleep(60)
        """,
        ends=("answered", "timeout"),
    ),
    Attack(
        "clone_bomb",
        "be many by other means: vfork, clone, clone3, posix_spawn",
        """
        def clone(number, *args):
            child = system(number, *args)
            if child == 0:
                system(60, 0)
            return child
        attempt("fork", clone, 57)
        attempt("clone", clone, 56, 17, 0, 0, 0, 0)
        attempt("clone3", clone, 435, (ctypes.c_uint64 * 8)(0, 0, 0, 0, 17), 64)
        attempt("posix_spawn", os.posix_spawn, "/bin/true", ["true"], {})
        attempt("forkpty", os.forkpty)
        """,
        ends=("answered", "exception"),
    ),
    Attack(
        "flood_of_prints",
        "print without an end",
        """
        def strike(student, *inputs, **options):
            while True: print("right " * 1000)
        """,
        ends=STOPPED,
    ),
    Attack(
        "flood_of_warnings",
        "warn without an end",
        """
        import warnings
        def strike(student, *inputs, **options):
            for n in range(2000): warnings.warn("right" * 100 + str(n))
            return student(*inputs, **options)
        """,
    ),
    Attack(
        "long_message",
        "raise an error of a million lines",
        """
        def strike(student, *inputs, **options):
            raise ValueError("right\\n" * 1_000_000)
        """,
        ends=FAILED,
    ),
    Attack(
        "long_line",
        "raise an error in a line of a million characters",
        """
        def strike(student, *inputs, **options):
            exec(compile("1 / 0" + " + 1" * 9 + " " * 1_000_000, "<string>", "exec"))
        """,
        ends=FAILED,
    ),
    Attack(
        "recursion",
        "recurse without an end",
        """
        def strike(student, *inputs, **options):
            return strike(student, *inputs, **options)
        """,
        ends=FAILED,
    ),
    Attack(
        "recursion_without_limit",
        "recurse until the stack is full",
        """
        sys.setrecursionlimit(1 << 30)
        def strike(student, *inputs, **options):
            return repr(functools.reduce(lambda inner, _: [inner], range(1_000_000), []))
        """,
        ends=(*_SPENT, *ANSWERED),
    ),
    Attack(
        "giant_answer",
        "answer with more than fits",
        """
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: np.ones((4000, 3000)))
        """,
        ends=("too_large", "memory"),
    ),
    Attack(
        "many_answers",
        "answer with the largest arrays that fit, every time",
        """
        giant = np.ones((1 << 20,))
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: giant)
        """,
        ends=("too_large",),
    ),
    Attack(
        "endless_generator",
        "answer with something that never ends",
        """
        import itertools
        def strike(student, *inputs, **options):
            return itertools.count()
        """,
        ends=("exception", "answered"),
    ),
    Attack(
        "full_disk",
        "fill the disk",
        """
        for folder in (*TRAPS["places"], ".", TRAPS["folder"]):
            def fill():
                with open(os.path.join(folder, TRAPS["mark"] + ".full"), "wb") as file:
                    file.write(bytes(1 << 20))
            attempt("fills " + folder, fill)
        """,
    ),
    Attack(
        "many_files",
        "open files until no more can be opened",
        """
        def strike(student, *inputs, **options):
            kept = [os.dup(line()) for _ in range(100_000)]
            reached("a hundred thousand descriptors")
            return student(*inputs, **options)
        """,
        ends=FAILED,
    ),
    Attack(
        "raised_limits",
        "take back what was given up",
        """
        import resource
        def raise_(kind):
            soft, hard = resource.getrlimit(kind)
            if hard == resource.RLIM_INFINITY:
                raise LookupError
            resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        for name in ("AS", "CPU", "FSIZE", "NPROC", "NOFILE", "CORE", "STACK", "MEMLOCK"):
            attempt("raises " + name, raise_, getattr(resource, "RLIMIT_" + name))
        attempt("prlimit of another", resource.prlimit, TRAPS["sentinel"], resource.RLIMIT_CPU, (1, 1))
        attempt("nice", os.nice, -5)
        attempt("priority of another", os.setpriority, os.PRIO_PROCESS, TRAPS["sentinel"], 19)
        attempt("scheduler", os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(1))
        """,
        ends=EITHER,
    ),
    Attack(
        "fill_the_scratch_folder",
        "fill the disk by temporary files",
        """
        import tempfile
        def strike(student, *inputs, **options):
            for number in range(200):
                with open(os.path.join(os.environ["TMPDIR"], str(number)), "wb") as file:
                    file.write(bytes(16 << 20))
            reached("3 GiB")
        """,
        ends=("too_large", "exception", "timeout"),
    ),
    Attack(
        "a_million_files",
        "use up the inodes by temporary files, and time by folders that nobody can remove",
        """
        def strike(student, *inputs, **options):
            os.chdir(os.environ["TMPDIR"])
            for number in range(1_000_000):
                open(f"f{number}", "w").close()
                if number % 9 == 0:
                    os.mkdir("a_folder_with_a_long_name", 0o300)
                    os.chdir("a_folder_with_a_long_name")
            reached("a million files")
        """,
        ends=("too_large", "exception", "timeout"),
    ),
    Attack(
        "thread_bomb",
        "use up the processes of the machine by threads",
        """
        import _thread
        _thread.stack_size(32 << 10)
        gate = _thread.allocate_lock()
        gate.acquire()
        def fill():
            for number in range(500):
                _thread.start_new_thread(gate.acquire, ())
        attempt("500 threads", fill)
        def clone():
            # CLONE_VM, FS, FILES, SIGHAND, PARENT, PTRACE, NEWPID without CLONE_THREAD
            for flags in (0x100, 0xF00, 0x8000, 0x2000, 0x20000000, 0x4000, 17):
                if system(56, flags, 0, 0, 0, 0) == 0:
                    system(60, 0)
                reached(hex(flags))
        attempt("a process", clone)
        attempt("clone3", system, 435, bytes(88), 88)
        """,
        ends=("answered", "exception", "died"),
    ),
)
