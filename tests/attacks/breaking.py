"""Attacks on the process that runs the student's code, and on how its end is read."""

from __future__ import annotations

from attack import DEAD, EITHER, FAILED, STOPPED, Attack

_BROKEN = ("answered", "exception", "died", "protocol", "too_large", "memory", "timeout")

ATTACKS = (
    Attack("exit_at_once", "end with the exit code of success", "os._exit(0)", ends=DEAD),
    Attack(
        "exit_in_a_call",
        "end with the exit code of success after some answers",
        """
        count = 0
        def strike(student, *inputs, **options):
            global count
            count += 1
            if count > 2:
                os._exit(0)
            return student(*inputs, **options)
        """,
        ends=("answered", "died"),
    ),
    Attack("system_exit", "leave by sys.exit(0)", "sys.exit(0)"),
    Attack(
        "system_exit_of_a_function",
        "leave by sys.exit(0) when called",
        """
        def strike(student, *inputs, **options):
            sys.exit(0)
        """,
        ends=FAILED,
    ),
    Attack(
        "skip",
        "raise what test runners take for a skipped test",
        """
        import unittest
        def strike(student, *inputs, **options):
            raise unittest.SkipTest("passed")
        """,
        ends=FAILED,
    ),
    Attack(
        "keyboard_interrupt",
        "interrupt the harness",
        """
        def strike(student, *inputs, **options):
            os.kill(os.getpid(), signal.SIGINT)
            raise KeyboardInterrupt
        """,
        ends=FAILED,
    ),
    Attack(
        "generator_exit",
        "raise what generators swallow",
        """
        def strike(student, *inputs, **options):
            raise GeneratorExit
        """,
        ends=FAILED,
    ),
    Attack(
        "hostile_exception",
        "raise an exception whose every method raises",
        """
        class Meta(type):
            __name__ = property(lambda cls: 1 / 0)
            def __instancecheck__(cls, other): raise Hostile
            def __subclasscheck__(cls, other): raise Hostile
        class Hostile(BaseException, metaclass=Meta):
            def __str__(self): raise Hostile
            __repr__ = __str__
            args = property(__str__)
            __notes__ = property(__str__)
            __cause__ = property(__str__)
            __class__ = property(__str__)
        def strike(student, *inputs, **options):
            raise Hostile
        """,
        ends=("exception", "died"),
    ),
    Attack(
        "endless_exception",
        "raise an exception that takes for ever to be told",
        """
        class Endless(Exception):
            def __str__(self):
                while True: pass
        def strike(student, *inputs, **options):
            raise Endless
        """,
        ends=STOPPED,
    ),
    Attack(
        "exception_in_a_circle",
        "raise exceptions that cause each other, a hundred thousand deep",
        """
        def strike(student, *inputs, **options):
            one, two = ValueError("one"), ValueError("two")
            one.__cause__, two.__cause__ = two, one
            last = one
            for n in range(100_000):
                new = ValueError(str(n))
                new.__context__ = last
                last = new
            raise ExceptionGroup("many", [last, one, two] * 99) from one
        """,
        ends=("exception", "timeout"),
    ),
    Attack(
        "replaced_builtins",
        "replace Python's own functions",
        """
        import builtins
        def strike(student, *inputs, **options):
            for name in ("len", "isinstance", "type", "sum", "all", "any", "abs", "max", "min", "zip"):
                setattr(builtins, name, lambda *a, **k: True)
            return 0.0
        """,
        ends=_BROKEN,
    ),
    Attack(
        "replaced_numpy",
        "replace NumPy's functions and classes",
        """
        def strike(student, *inputs, **options):
            answers = student(*inputs, **options)
            for name in ("allclose", "isclose", "abs", "array_equal", "isfinite", "isnan", "max", "all"):
                setattr(np, name, lambda *a, **k: True)
            np.testing.assert_allclose = lambda *a, **k: None
            for name in ("asarray", "array"):
                setattr(np, name, lambda a, *b, **k: np.zeros((3, 2)))
            return answers
        """,
        ends=_BROKEN,
    ),
    Attack(
        "replaced_modules",
        "put other modules in the place of the harness's",
        """
        import types
        for name in list(sys.modules):
            if name.startswith("gradcheck") or name in ("struct", "socket", "os", "numpy"):
                sys.modules[name] = types.ModuleType(name)
        """,
        ends=_BROKEN,
    ),
    Attack("no_modules", "leave no module at all", "sys.modules.clear(); sys.path.clear()", ends=_BROKEN),
    Attack(
        "replaced_answer",
        "replace the function that makes the answer",
        """
        from gradcheck.submission import answers, execute, messages, worker
        from gradcheck.submission.records import Outcome
        def strike(student, *inputs, **options):
            zero = Outcome({"dW2": np.zeros((3, 2)), "passed": np.ones(1)}, {}, ("x", "verdict"))
            execute._outcome = lambda *a: zero
            execute.as_floats = answers.as_floats = lambda value: value
            return student(*inputs, **options)
        """,
        ends=_BROKEN,
    ),
    Attack(
        "replaced_wire",
        "replace the functions that send the answer",
        """
        from gradcheck.submission import messages, wire
        def strike(student, *inputs, **options):
            wire.encode = lambda message: [b"right " * 99]
            messages.reply_message = lambda reply: b"right"
            return student(*inputs, **options)
        """,
        ends=_BROKEN,
    ),
    Attack(
        "replaced_session",
        "reach into the harness's records in this process",
        """
        import gc
        def strike(student, *inputs, **options):
            for thing in gc.get_objects():
                if type(thing).__name__ in "Session Student Services Outbox Call Budget Tape".split():
                    for name in getattr(thing, "__dict__", {}):
                        try: object.__setattr__(thing, name, None)
                        except Exception: pass
            return 0.0
        """,
        ends=_BROKEN,
    ),
    Attack(
        "trace",
        "step through the harness's own code with a debugger's hook",
        """
        def tracer(frame, event, argument):
            for name in list(frame.f_locals):
                if name in ("result", "outcome", "found", "reply"):
                    raise RuntimeError("right")
            return tracer
        def strike(student, *inputs, **options):
            frame = sys._getframe()
            while frame := frame.f_back:
                frame.f_trace = tracer
            sys.settrace(tracer)
            sys.setprofile(lambda *event: None)
            threading.settrace(tracer)
            return student(*inputs, **options)
        """,
        ends=_BROKEN,
    ),
    Attack(
        "at_exit",
        "have the last word when Python ends",
        """
        import atexit, weakref
        def last_word(*_):
            attempt("writes", lambda: open(TRAPS["results"], "w").write("all right"))
            tell(b"right" * 99)
        atexit.register(last_word)
        class Dying:
            __del__ = last_word
        kept = Dying()
        weakref.finalize(kept, last_word)
        sys.excepthook = sys.unraisablehook = last_word
        """,
    ),
    Attack(
        "late_thread",
        "answer from a thread after the answer",
        """
        def later():
            while True:
                time.sleep(0.001)
                tell(b"grad" * 64)
        def strike(student, *inputs, **options):
            threading.Thread(target=later, daemon=True).start()
            time.sleep(0.01)
            return student(*inputs, **options)
        """,
        ends=("answered", "protocol"),
    ),
    Attack(
        "alarm",
        "raise an exception by a timer while the harness works",
        """
        def ring(number, frame):
            raise SystemExit(0)
        signal.signal(signal.SIGALRM, ring)
        try: signal.setitimer(signal.ITIMER_REAL, 0.001, 0.0005)
        except OSError: pass
        """,
        ends=_BROKEN,
    ),
    Attack(
        "hostile_stdout",
        "print through a stream of one's own",
        """
        import io
        class Loud(io.TextIOBase):
            def write(self, text): raise SystemExit(0)
            def flush(self): os._exit(0)
            take = lambda self: ("x" * (1 << 29), False)
        tape = sys.stdout
        sys.stdout = sys.stderr = sys.__stdout__ = Loud()
        tape.take = Loud().take
        """,
        ends=_BROKEN,
    ),
    Attack(
        "broken_interpreter",
        "overwrite the interpreter's own memory",
        """
        def strike(student, *inputs, **options):
            ctypes.memset(id(0.0.__class__), 255, 400)
            return 0.0 + 1.5
        """,
        ends=("died",),
    ),
    Attack(
        "no_descriptors",
        "close everything, and stay",
        """
        os.closerange(0, 4096)
        while True:
            try: time.sleep(9)
            except BaseException: pass
        """,
        ends=("died", "timeout"),
    ),
    Attack(
        "moved_connection",
        "hold the connection under another number, and hang up the first",
        """
        def strike(student, *inputs, **options):
            number = line()
            copies = [os.dup(number) for _ in range(8)]
            os.close(number)
            return student(*inputs, **options)
        """,
        ends=("answered", "exception", "died", "timeout"),
    ),
    Attack(
        "shadow_modules",
        "be the module that the harness imports next",
        """
        import importlib.abc
        class First(importlib.abc.MetaPathFinder):
            def find_spec(self, name, path=None, target=None): raise SystemExit(0)
        sys.meta_path.insert(0, First())
        sys.path_hooks.clear()
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: np.ma if False else object())
        """,
        ends=EITHER,
    ),
    Attack(
        "collected",
        "let the garbage collector call, again and again",
        """
        import gc
        def collect(phase, info):
            gc.get_objects()[0]
            raise KeyboardInterrupt
        gc.callbacks.append(collect)
        gc.set_threshold(1)
        """,
        ends=_BROKEN,
    ),
    Attack(
        "not_utf8",
        "name and say things that have no UTF-8",
        r"""
        print("\ud800 \udfff", flush=True)
        def strike(student, *inputs, **options):
            raise ValueError("\ud800\x00" * 9)
        """,
        ends=EITHER,
    ),
)
