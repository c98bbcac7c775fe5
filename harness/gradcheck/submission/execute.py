"""A student's code, loaded once as a module and called through the spec's `run`: the same in any process."""

from __future__ import annotations

import ast
import builtins
import contextlib
import marshal
import os
import symtable
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import takewhile
from pathlib import PurePath
from typing import Any

import numpy as np

from gradcheck.submission import trace
from gradcheck.submission.answers import RefusedError, as_floats
from gradcheck.submission.paths import is_inside
from gradcheck.submission.prepare import placed
from gradcheck.submission.records import Array, Call, Code, Failure, Live, Outcome, Value
from gradcheck.submission.text import one_line, size
from gradcheck.submission.watch import Watch

Names = dict[str, Any]
_ABSENT = object()


@dataclass(frozen=True)
class _Run:
    """The spec's `run`, compiled; what else there is to know of it is found out when somebody asks."""

    code: types.CodeType
    text: str

    @classmethod
    def of(cls, subject: Code | Live) -> _Run:
        """That of a submission. Raises SyntaxError at its place in the spec."""
        text = placed(subject.run, subject.run_line)
        trace.remember(subject.run_file, text)
        compiled = subject.compiled if isinstance(subject, Code) else b""
        # These bytes come from the harness: nobody unmarshals what a student's process sends.
        code = marshal.loads(compiled) if compiled else _compiled(text, subject.run_file)
        return cls(code, text)

    @cached_property
    def assigned(self) -> frozenset[str]:
        """The names that its own lines bind."""
        symbols = symtable.symtable(self.text, self.code.co_filename, "exec").get_symbols()
        return frozenset(symbol.get_name() for symbol in symbols if symbol.is_assigned())

    @cached_property
    def called(self) -> frozenset[str]:
        """The names that it calls as functions."""
        calls = (node.func for node in ast.walk(ast.parse(self.text)) if isinstance(node, ast.Call))
        return frozenset(name.id for name in calls if isinstance(name, ast.Name))


@dataclass(frozen=True)
class Session:
    """A submission that is loaded, ready to be called any number of times."""

    home: Names
    """The global names of the student's module, as they are at any time."""
    run: _Run
    ground: trace.Ground
    function: Callable[..., Any] | None = None
    """A live function: known by its own name, and by any one name that `run` calls and nobody defines."""
    _warned: Names = field(default_factory=dict)
    """What `run` itself was warned of, so that each warning is printed once."""

    def call(self, call: Call) -> Outcome | Failure:
        """Execute `run` on fresh copies of the inputs; only KeyboardInterrupt leaves the student's code."""
        home_before = dict(self.home)
        inputs = {name: _copy(value) for name, value in call.inputs.items()}
        names_before = {**self.home, **inputs, **self._names_of_function(inputs)}
        names = {**names_before, "__warningregistry__": self._warned}
        watch = Watch(self.ground.is_own) if call.watched else contextlib.nullcontext()
        try:
            with watch:
                exec(self.run.code, names)
            changed = tuple(name for name in inputs if _differs(inputs[name], call.inputs[name]))
            found = self._found(call.reads, names, names_before, home_before, changed)
            outcome = _outcome(found, changed, call.most)
            if isinstance(outcome, Outcome) and isinstance(watch, Watch):
                return outcome._replace(most_calls=watch.most_calls, turned_complex=watch.turned_complex)
            return outcome
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return self.failure(error)

    def failure(self, error: BaseException) -> Failure:
        """What went wrong; a name that `run` asks for in vain is answered with those that there are."""
        failure = trace.failure(error, self.ground)
        if isinstance(error, NameError) and error.name in self.run.called and error.name not in self.home:
            own = [name for name, value in self.home.items() if _defined_in(value, self.home)]
            file = PurePath(self.ground.filename).name
            return replace(failure, message=f"{failure.message}; {file} defines {', '.join(own) or 'none'}")
        return failure

    def _names_of_function(self, inputs: Names) -> Names:
        if self.function is None:
            return {}
        own = {getattr(self.function, "__name__", ""): self.function}
        called = self.run.called - {*inputs, *dir(builtins), *self.run.assigned}
        if len(called) > 1:  # the function is one of several: it is the one that is not there yet
            called -= {*self.home, *own}
        return own | dict.fromkeys(called, self.function) if len(called) == 1 else own

    def _found(
        self,
        reads: tuple[str, ...],
        names: Names,
        names_before: Names,
        home_before: Names,
        changed: tuple[str, ...],
    ) -> Names:
        """The values that this call has set, without what the module's own test code left lying about."""
        found = {}
        for name in reads:
            value = names.get(name, _ABSENT)
            own = self.home.get(name, _ABSENT)
            set_here = (
                value is not names_before.get(name, _ABSENT) or name in changed or name in self.run.assigned
            )
            if set_here and value is not _ABSENT:
                found[name] = value
            elif own is not _ABSENT and own is not home_before.get(name, _ABSENT):
                found[name] = own
        return found


def load(subject: Code | Live) -> Session | Failure:
    """Compile `run`, and execute the submission's file as a module or take a live function as it is."""
    ground = _ground(subject)
    try:
        run = _Run.of(subject)
        if isinstance(subject, Live):
            return Session(_globals_of(subject.function), run, ground, subject.function)
        return Session(_execute_module(subject), run, ground)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return trace.failure(error, ground)


@lru_cache(maxsize=64)
def _compiled(text: str, file: str) -> types.CodeType:
    """Of one file that several specs ask for, compiled once. Raises SyntaxError."""
    return compile(text, file, "exec", dont_inherit=True)


def _ground(subject: Code | Live) -> trace.Ground:
    if isinstance(subject, Code):
        return trace.Ground(subject.filename, subject.folder, subject.run_file)
    cells = _files(_globals_of(subject.function))
    return trace.Ground(_file_of(subject.function), None, subject.run_file, cells)


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
    trace.remember(code.filename, code.source)
    exec(_compiled(code.source, code.filename), module.__dict__)
    return module.__dict__


@contextlib.contextmanager
def imports_undone(code: Code) -> Iterator[None]:
    """Afterwards `import` finds what it found before: the submission's own modules are forgotten.

    A library that the student's code was the first to import stays: many can't be loaded twice.
    """
    path, newest = list(sys.path), next(reversed(sys.modules), None)
    try:
        yield
    finally:
        sys.path[:] = path
        # New names stand last. To touch all of them would have a forked process copy most of its memory.
        for name in list(takewhile(lambda name: name != newest, reversed(sys.modules))):
            if _belongs_to(code, getattr(sys.modules[name], "__file__", None)):
                del sys.modules[name]


def _belongs_to(code: Code, file: str | None) -> bool:
    if file is None or code.folder is None:
        return file == _file(code)
    return is_inside(file, code.folder)


def _copy(value: Value) -> Value:
    return np.array(value, order="C") if isinstance(value, np.ndarray) else value


def _differs(value: Value, pristine: Value) -> bool:
    """Whether an array is no longer bit by bit what it was: NaN equals itself, 0.0 is not -0.0."""
    if not (isinstance(value, np.ndarray) and isinstance(pristine, np.ndarray)):
        return False
    return (value.dtype, value.shape) != (pristine.dtype, pristine.shape) or (
        value.tobytes() != pristine.tobytes()
    )


def _outcome(found: Mapping[str, object], changed: tuple[str, ...], most: int) -> Outcome | Failure:
    floats: dict[str, Array] = {}
    refused: dict[str, str] = {}
    for name, value in found.items():
        try:
            floats[name] = as_floats(value, most)
        except RefusedError as why:
            refused[name] = str(why)
    total = sum(array.nbytes for array in floats.values())
    if total > most:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in floats.items())
        return Failure(
            "too_large", one_line(f"the results take {size(total)}, more than {size(most)}: {shapes}")
        )
    # Copies: the student's code may write into its arrays again in the next call.
    return Outcome({name: np.array(array, order="C") for name, array in floats.items()}, refused, changed)


def _defined_in(value: object, home: Names) -> bool:
    return callable(value) and getattr(value, "__module__", None) == home.get("__name__", "")
