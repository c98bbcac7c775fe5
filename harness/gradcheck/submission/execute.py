"""A student's code, loaded once as a module: the same in any process."""

from __future__ import annotations

import builtins
import contextlib
import os
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile
from pathlib import PurePath
from typing import Any

from gradcheck.submission import cells, trace
from gradcheck.submission.absent import Failures, may_define, why
from gradcheck.submission.alarm import Alarm
from gradcheck.submission.bindings import Names
from gradcheck.submission.folder import Folder, forget_folders
from gradcheck.submission.loading import Loading
from gradcheck.submission.paths import is_inside
from gradcheck.submission.records import Code, Failure, Live, Loaded
from gradcheck.submission.run import Run
from gradcheck.submission.session import Session


def load(subject: Code | Live, alarm: Alarm | None = None) -> Session | Failure:
    """Compile `run`, and execute the submission's file as a module or take a live function as it is.

    A file that fails, or runs longer by the `alarm` than the code says, counts by what it defines, as long
    as the functions that `run` calls are there.
    """
    files = _student_files(subject)
    try:
        run = Run.of(subject)
        if isinstance(subject, Live):
            return Session(_globals_of(subject.function), run, files, subject.function)
        loading = Loading(files, alarm, subject.seconds)
        home, error, ipython = _execute_module(subject, loading)
        if error is not None and not (_is_complete(home, run) or _is_of_others(error, subject, home, run)):
            if isinstance(error, SyntaxError) and cells.is_notebook(subject.source):
                compile(cells.python(subject.source), subject.filename, "exec", dont_inherit=True)
            return _with_reasons(trace.failure(error, files), subject, run, loading.failures)
        return Session(home, run, files, None, Loaded(loading.unfinished, ipython), loading.failures)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return trace.failure(error, files)


def _is_complete(home: Names, run: Run) -> bool:
    """Whether the functions that `run` calls are there, or else the objects of which it takes a part."""
    known = {*dir(builtins), *run.assigned}
    if called := run.called - known:
        return called <= home.keys()
    return not run.parted or not run.parted.isdisjoint(home.keys() - known)


def _is_of_others(error: BaseException, code: Code, home: Names, run: Run) -> bool:
    """Whether a file lacks a package for other things, and calls its functions otherwise than `run` does."""
    missing = run.called - {*dir(builtins), *run.assigned, *home}
    return (
        isinstance(error, ModuleNotFoundError)
        and bool(_files(home))
        and bool(missing)
        and not any(may_define(name, code.source) for name in missing)
    )


def _with_reasons(failure: Failure, code: Code, run: Run, failures: Failures) -> Failure:
    """What ended a file; with where it defines the functions that `run` calls, if nobody can call them."""
    reasons = [why(name, code.source, code.filename, failures) for name in sorted(run.called)]
    return replace(failure, message="; ".join(filter(None, [failure.message, *dict.fromkeys(reasons)])))


@lru_cache(maxsize=64)
def _compiled(text: str, file: str) -> cells.Program:
    """Of one file that several specs ask for, compiled once. Raises SyntaxError."""
    return cells.compiled(text, file)


def _student_files(subject: Code | Live) -> trace.StudentFiles:
    if isinstance(subject, Code):
        depth = len(PurePath(subject.inner).parts) or 1
        root = str(PurePath(*PurePath(subject.filename).parts[:-depth]))
        return trace.StudentFiles(subject.filename, subject.folder, subject.run_file, root=root)
    cells = _files(_globals_of(subject.function))
    return trace.StudentFiles(_file_of(subject.function), None, subject.run_file, cells)


def _globals_of(function: Callable[..., Any]) -> Names:
    return getattr(function, "__globals__", {})


def _files(home: Names) -> frozenset[str]:
    """The files, or the cells of a notebook, whose functions share these global names."""
    functions = (value for value in home.values() if isinstance(value, types.FunctionType))
    return frozenset(_file_of(function) for function in functions if function.__globals__ is home)


def _file_of(function: Callable[..., Any]) -> str:
    return getattr(getattr(function, "__code__", None), "co_filename", "<unknown>")


def _file(code: Code) -> str:
    """Where the code lies, for what it finds beside itself."""
    if code.folder is None:
        return code.filename
    return os.path.join(code.folder, code.inner or os.path.basename(code.filename))  # noqa: PTH118, PTH119


def folder_of(code: Code) -> str:
    """Where the code lies, for what it opens beside itself; empty for a single file."""
    return os.path.dirname(_file(code)) if code.folder else ""  # noqa: PTH120


def _execute_module(code: Code, loading: Loading) -> tuple[Names, BaseException | None, str]:
    """The names of the code's module, what ended it early, and the lines that only IPython understands."""
    # As texts, for the sake of time: see gradcheck.submission.paths.
    stem = os.path.splitext(os.path.basename(code.filename))[0]  # noqa: PTH119, PTH122
    # A file called numpy.py or types.py must not take that module's place.
    taken = stem in sys.modules or stem in sys.stdlib_module_names
    module = types.ModuleType(f"submission_{stem}" if taken else stem)
    module.__file__ = _file(code)
    sys.modules[module.__name__] = module
    if code.folder:
        Folder(code.folder, module.__file__, loading.execute).stand(module)
    trace.remember(code.filename, code.source)
    program = _compiled(code.source, code.filename)
    error = loading.execute(program.code, program.text, module.__dict__)
    left_out = () if cells.is_notebook(code.source) else program.left_out
    ipython = cells.places(left_out, code.source.split("\n")) if left_out else ""
    return module.__dict__, error, ipython


@contextlib.contextmanager
def imports_undone(code: Code) -> Iterator[None]:
    """Meanwhile sys.argv is the submission's own; afterwards `import` finds what it found before.

    The submission's own modules are forgotten.

    A library that the student's code was the first to import stays: many can't be loaded twice.
    """
    path, newest = list(sys.path), next(reversed(sys.modules), None)
    arguments, sys.argv = sys.argv, [code.filename]  # a program that was called without arguments
    try:
        yield
    finally:
        sys.path[:], sys.argv = path, arguments
        is_of_folder = forget_folders()
        # New names stand last. To touch all of them would have a forked process copy most of its memory.
        for name in list(takewhile(lambda name: name != newest, reversed(sys.modules))):
            if is_of_folder(name) or _belongs_to(code, getattr(sys.modules[name], "__file__", None)):
                del sys.modules[name]


def _belongs_to(code: Code, file: str | None) -> bool:
    if file is None or code.folder is None:
        return file == _file(code)
    return is_inside(file, code.folder)
