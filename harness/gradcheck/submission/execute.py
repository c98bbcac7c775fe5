"""A student's code, loaded once as a module: the same in any process."""

from __future__ import annotations

import contextlib
import os
import sys
import types
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import takewhile
from typing import Any

from gradcheck.submission import cells, trace
from gradcheck.submission.bindings import Names
from gradcheck.submission.package import forget_package, is_of_package, make_relative
from gradcheck.submission.paths import is_inside
from gradcheck.submission.records import Code, Failure, Live
from gradcheck.submission.run import Run
from gradcheck.submission.session import Session


def load(subject: Code | Live) -> Session | Failure:
    """Compile `run`, and execute the submission's file as a module or take a live function as it is."""
    files = _student_files(subject)
    try:
        run = Run.of(subject)
        if isinstance(subject, Live):
            return Session(_globals_of(subject.function), run, files, subject.function)
        return Session(_execute_module(subject), run, files)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return trace.failure(error, files)


@lru_cache(maxsize=64)
def _compiled(text: str, file: str) -> types.CodeType:
    """Of one file that several specs ask for, compiled once. Raises SyntaxError."""
    text = cells.python(text) if file.endswith(cells.SUFFIX) else text
    return compile(text, file, "exec", dont_inherit=True)


def _student_files(subject: Code | Live) -> trace.StudentFiles:
    if isinstance(subject, Code):
        return trace.StudentFiles(subject.filename, subject.folder, subject.run_file)
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


def _execute_module(code: Code) -> Names:
    # As texts, for the sake of time: see gradcheck.submission.paths.
    stem = os.path.splitext(os.path.basename(code.filename))[0]  # noqa: PTH119, PTH122
    # A file called numpy.py or types.py must not take that module's place.
    taken = stem in sys.modules or stem in sys.stdlib_module_names
    module = types.ModuleType(f"submission_{stem}" if taken else stem)
    module.__file__ = _file(code)
    sys.modules[module.__name__] = module
    if code.folder:
        sys.path.insert(0, code.folder)
        make_relative(module, code.folder)
    trace.remember(code.filename, code.source)
    exec(_compiled(code.source, code.filename), module.__dict__)
    return module.__dict__


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
        forget_package()
        # New names stand last. To touch all of them would have a forked process copy most of its memory.
        for name in list(takewhile(lambda name: name != newest, reversed(sys.modules))):
            if is_of_package(name) or _belongs_to(code, getattr(sys.modules[name], "__file__", None)):
                del sys.modules[name]


def _belongs_to(code: Code, file: str | None) -> bool:
    if file is None or code.folder is None:
        return file == _file(code)
    return is_inside(file, code.folder)
