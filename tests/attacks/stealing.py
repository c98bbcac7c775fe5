"""Attacks that look for the answers, and for anything else that is not the student's."""

from __future__ import annotations

from attack import EITHER, FAILED, Attack

ATTACKS = (
    Attack(
        "frames",
        "read the expected values in the variables of whoever calls",
        """
        def strike(student, *inputs, **options):
            frame = sys._getframe()
            while frame := frame.f_back:
                for name, value in {**frame.f_globals, **frame.f_locals}.items():
                    module = getattr(value, "__module__", None) or type(value).__module__
                    if str(module).startswith(("gradcheck.oracle", "gradcheck.verdict", "gradcheck.spec")):
                        reached(f"{name} of {module}")
                    if name in ("expected", "truth", "autograd", "key", "entries"):
                        reached(name)
            return student(*inputs, **options)
        """,
    ),
    Attack(
        "collector",
        "find the answer key among all objects that the garbage collector knows",
        """
        import gc
        def strike(student, *inputs, **options):
            for thing in gc.get_objects():
                home = type(thing).__module__
                if home.startswith(("gradcheck.oracle", "gradcheck.verdict", "gradcheck.spec")):
                    reached(type(thing).__qualname__)
                if type(thing) is dict and {"autograd", "differences"} & {k for k in thing if type(k) is str}:
                    reached("a table of answers")
            return student(*inputs, **options)
        """,
    ),
    Attack(
        "loaded_modules",
        "take the truth from a module that is loaded already",
        """
        for name in list(sys.modules):
            if name.startswith("gradcheck.") and not name.startswith("gradcheck.submission"):
                reached(name)
            if name.split(".")[0] in ("torch", "yaml", "pydantic", "pytest", "conftest"):
                reached(name)
        """,
    ),
    Attack(
        "import_the_oracle",
        "let the harness itself compute the answers",
        """
        import importlib
        for room in (
            "layers.stack", "oracle.answer", "oracle.lookup", "verdict.judge", "specification.read", "checker"
        ):
            attempt("imports " + room, importlib.import_module, "gradcheck." + room)
        """,
    ),
    Attack(
        "autograd_by_torch",
        "let PyTorch differentiate",
        """
        import importlib
        site = os.path.dirname(os.path.dirname(np.__file__))
        sys.path.append(site)
        for library in ("torch", "jax", "autograd", "tensorflow"):
            attempt("imports " + library, importlib.import_module, library)
        """,
    ),
    Attack(
        "parents_memory",
        "read the process above through /proc",
        """
        for pid in (os.getppid(), TRAPS["grader"]):
            for file in ("mem", "maps", "environ", "stat", "cmdline", "auxv", "io"):
                if file != "mem":
                    attempt(file, read, f"/proc/{pid}/{file}")
                else:
                    attempt(file, open, f"/proc/{pid}/mem", "rb")
            for folder in ("fd", "cwd", "root", "task"):
                attempt(folder, os.listdir, f"/proc/{pid}/{folder}")
        """,
    ),
    Attack(
        "process_vm_readv",
        "copy the memory of the process above by a system call",
        """
        buffer = ctypes.create_string_buffer(64)
        class Vector(ctypes.Structure):
            _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
        mine = Vector(ctypes.addressof(buffer), 64)
        for pid in (os.getppid(), TRAPS["sentinel"]):
            # A fork server's memory lies where its child's does.
            theirs = Vector(id(None), 64)
            vectors = ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0
            attempt("reads memory", system, 310, pid, *vectors)
            attempt("may write memory", system, 311, pid, ctypes.byref(mine), 0, ctypes.byref(theirs), 0, 0)
        """,
    ),
    Attack(
        "parents_descriptors",
        "take an open file out of the process above",
        """
        for pid in (os.getppid(), TRAPS["grader"], TRAPS["sentinel"]):
            handle = attempt("holds a process", os.pidfd_open, pid)
            if handle:
                for number in range(8):
                    attempt("takes a descriptor", system, 438, handle, number, 0)
        """,
    ),
    Attack(
        "inherited_descriptors",
        "use a descriptor that was left open",
        """
        mine = line()
        for number in range(256):
            if number == mine:
                continue
            try:
                kind = os.fstat(number)
            except OSError:
                continue
            if kind.st_rdev != os.makedev(1, 3):
                reached(f"descriptor {number}, mode {kind.st_mode:o}")
        """,
    ),
    Attack(
        "environment",
        "read a token in the environment",
        """
        for name, value in os.environ.items():
            if "GRADCHECK" in name or "TOKEN" in name or name == "VIRTUAL_ENV":
                reached(name)
            if name in ("USER", "LOGNAME") and value != "student":
                reached(name)
            if value in TRAPS["places"]:
                reached(name + ", one of the grader's own folders")
        """,
    ),
    Attack(
        "secret_file",
        "read a file of the grader by its path",
        """
        attempt("open", read, TRAPS["secret"])
        attempt("os.open", lambda: os.read(os.open(TRAPS["secret"], os.O_RDONLY), 99))
        attempt("O_PATH", lambda: os.open(TRAPS["secret"], os.O_PATH))
        """,
    ),
    Attack(
        "secret_file_by_numpy",
        "read a file of the grader through NumPy's own input",
        """
        attempt("fromfile", np.fromfile, TRAPS["secret"], np.uint8)
        attempt("memmap", np.memmap, TRAPS["secret"], np.uint8, "r")
        attempt("loadtxt", np.loadtxt, TRAPS["secret"], str)
        attempt("genfromtxt", np.genfromtxt, TRAPS["secret"], str)
        attempt("load", np.load, TRAPS["secret"])
        """,
    ),
    Attack(
        "secret_file_by_c",
        "read a file of the grader through the C library, past all of Python",
        """
        def fopen():
            libc = ctypes.CDLL(None)
            libc.fopen.restype = ctypes.c_void_p
            file = libc.fopen(TRAPS["secret"].encode(), b"r") or 1 / 0
            buffer = ctypes.create_string_buffer(99)
            libc.fgets(buffer, 99, ctypes.c_void_p(file))
            return buffer.value
        attempt("fopen", fopen)
        attempt("open", system, 2, TRAPS["secret"].encode(), os.O_RDONLY)
        attempt("openat2", system, 437, -100, TRAPS["secret"].encode(), bytes(24), 24)
        attempt("name_to_handle_at", system, 303, -100, TRAPS["secret"].encode(), bytes(200), bytes(8), 0)
        attempt("open_by_handle_at", system, 304, -100, bytes(200), 0)
        """,
    ),
    Attack(
        "secret_file_as_code",
        "have Python's own machinery read a file: as a module, a source line, a configuration",
        """
        import importlib.util, linecache, runpy, tokenize
        def load():
            spec = importlib.util.spec_from_file_location("loot", TRAPS["secret"] + ".py")
            return spec.loader.get_source("loot")
        attempt("import", load)
        attempt("linecache", lambda: linecache.getlines(TRAPS["secret"]) or 1 / 0)
        attempt("tokenize", lambda: tokenize.open(TRAPS["secret"]).read())
        attempt("runpy", runpy.run_path, TRAPS["secret"] + ".py")
        attempt("compile", lambda: exec(compile(read(TRAPS["secret"]), TRAPS["secret"], "exec")))
        """,
    ),
    Attack(
        "secret_in_a_traceback",
        "have the harness quote a file of the grader in a traceback",
        """
        def strike(student, *inputs, **options):
            code = compile("raise ValueError('see above')", TRAPS["secret"], "exec")
            exec(code)
        """,
        ends=FAILED,
    ),
    Attack(
        "specs",
        "read the exercise and the hidden ones beside it",
        """
        def strike(student, *inputs, **options):
            frame = sys._getframe()
            while frame := frame.f_back:
                if frame.f_code.co_filename.endswith(".yaml"):
                    attempt("the spec in the frame", read, frame.f_code.co_filename)
            return student(*inputs, **options)
        attempt("lists the specs", os.listdir, TRAPS["specs"])
        for name in ("two_layer.yaml", "rnn_layer.yaml"):
            attempt("reads a spec", read, os.path.join(TRAPS["specs"], name))
        """,
    ),
    Attack(
        "kept_truths",
        "read the answers that the harness keeps on disk",
        """
        attempt("lists the cache", os.listdir, TRAPS["cache"])
        attempt("scans the cache", lambda: [e.name for e in os.scandir(TRAPS["cache"])])
        attempt("reads a key", read, TRAPS["kept"])
        """,
    ),
    Attack(
        "neighbours",
        "copy another student's submission",
        """
        attempt("reads", read, TRAPS["neighbour"])
        attempt("lists", os.listdir, os.path.dirname(TRAPS["neighbour"]))
        sys.path.insert(0, os.path.dirname(TRAPS["neighbour"]))
        attempt("imports", __import__, os.path.basename(TRAPS["neighbour"])[:-3])
        """,
    ),
    Attack(
        "machine",
        "look around on the machine",
        """
        for file in ("/etc/passwd", "/etc/hostname", "/proc/1/cmdline", "/proc/net/tcp"):
            attempt(file, read, file)
        for folder in ("/etc", "/home", "/root", "/proc", "/sys", os.path.dirname(TRAPS["folder"])):
            attempt(folder, os.listdir, folder)
        """,
    ),
    Attack(
        "processes",
        "read the command lines of all processes",
        """
        for pid in range(1, 400):
            if pid != os.getpid():
                attempt("command line", read, f"/proc/{pid}/cmdline")
        """,
    ),
    Attack(
        "symbolic_link",
        "reach a forbidden file through a link in an allowed folder",
        """
        name = TRAPS["mark"] + ".link"
        attempt("makes a link", os.symlink, TRAPS["secret"], name)
        attempt("reads through it", read, name)
        attempt("makes a hard link", os.link, TRAPS["secret"], name + ".hard")
        attempt("climbs", read, "../" * 20 + TRAPS["secret"].lstrip("/"))
        """,
    ),
    Attack(
        "own_process",
        "read what the fork server has left in this process's memory",
        """
        def secret_in_memory():
            with open("/proc/self/mem", "rb", 0) as memory:
                for line in open("/proc/self/maps"):
                    if line.endswith("[stack]\\n"):  # where the environment lies that Python was started with
                        start, end = (int(n, 16) for n in line.split()[0].split("-"))
                        memory.seek(start)
                        return memory.read(end - start).index(b"GRADCHECK_SECRET=")
        attempt("finds the secret", secret_in_memory)
        """,
    ),
    Attack(
        "secret_in_an_answer",
        "carry a file of the grader out as an array",
        """
        def strike(student, *inputs, **options):
            text = open(TRAPS["secret"], "rb").read()
            loot = np.frombuffer(text, np.uint8).astype(float)
            return each(student(*inputs, **options), lambda answer: loot)
        """,
        ends=FAILED,
    ),
    Attack(
        "escape_sequences",
        "write on the grader's terminal by prints, names and errors",
        r"""
        print("\x1b]0;owned\x07\x1b[2J\x9b31m\u202e rtl \r over")
        def strike(student, *inputs, **options):
            raise type("\x1b[31mFine", (Exception,), {})("\x1b[2Jall right\r\n\x1b[A")
        """,
        ends=EITHER,
    ),
)
