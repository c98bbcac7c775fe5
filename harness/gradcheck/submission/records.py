"""What goes to a student's code and what comes back."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from numpy.typing import NDArray

Array: TypeAlias = "NDArray[Any]"
Value: TypeAlias = "Array | float | int"

FailureKind: TypeAlias = Literal[
    "missing",
    "unreadable",
    "syntax",
    "exception",
    "timeout",
    "memory",
    "died",
    "protocol",
    "too_large",
    "machine",
]
"""Why there is no answer: no such file; a file or folder that can't be taken in; what the code did, from a
syntax error to answers that are none; or "machine": see PASSING."""
PASSING: frozenset[FailureKind] = frozenset({"machine"})
"""Kinds that are the machine's doing, such as a process killed for want of memory elsewhere: no grade may
rest on one for good, a later run is to try again."""

Restricted: TypeAlias = Literal["processes", "programs", "network", "files"]
"""What a program may do, and not when a class is graded: start processes or other programs, use the network,
write files outside the scratch folder."""

FOREIGN = (
    *("torch", "functorch", "jax", "jaxlib", "flax", "autograd", "tensorflow", "keras"),
    *("tinygrad", "mygrad", "micrograd", "mxnet", "theano", "aesara", "pytensor", "chainer", "paddle"),
)
"""Modules that derive gradients by themselves: no part of an exercise in deriving them by hand."""
IMPORTS = 15.0
"""Seconds that a submission may spend on importing installed packages, besides what it may compute.

Enough for any that is used in courses, and the most that pretended imports can cost a class.
"""
MAX_ANSWER = 64 << 20
"""Bytes that the arrays of one answer may ever take together."""


@dataclass(frozen=True)
class Code:
    """A submission's file, and the spec's Python text that calls it."""

    source: str
    filename: str
    """As tracebacks show it, such as "submissions/anna.py"."""
    folder: str | None
    """Absolute path of the folder whose modules the file may import; None for a single file."""
    run: str
    run_file: str
    run_line: int
    """The line of `run_file` on which `run` starts, counted from 1."""
    inner: str = ""
    """The file's path inside the folder; by default the last part of its name."""
    compiled: bytes = b""
    """`run` as Python's own code (marshal); empty to have it compiled where it runs."""
    seconds: float = math.inf
    """How long the file may run when it is loaded."""


@dataclass(frozen=True)
class Live:
    """A function of this very process, and the spec's Python text that calls it."""

    function: Callable[..., Any]
    run: str
    run_file: str
    run_line: int


@dataclass(frozen=True)
class Budget:
    """What one submission may use up, over all its calls."""

    seconds: float = 10.0
    memory: int = 1 << 30
    """Bytes of address space."""
    output: int = 64_000
    """Characters of printed text that are kept."""


@dataclass(frozen=True)
class Start:
    """What a process is told before it runs anything."""

    budget: Budget
    runs: int
    """The most submissions that it will be asked for: its processor time covers them all."""
    folder: str | None
    """The folder that it works in, and whose files it may read."""


@dataclass(frozen=True, eq=False)
class Call:
    """One execution of `run`: the names it finds, and the names that are read afterwards.

    Equal to itself alone: the same call is put to a whole class, and known by what it is.
    """

    inputs: Mapping[str, Value]
    reads: tuple[str, ...]
    watched: bool = False
    """Whether the student's functions are watched meanwhile."""
    most: int = MAX_ANSWER
    """Bytes that the arrays of the answer may take together."""


@dataclass(frozen=True)
class Job:
    """A submission's code for one spec, and the calls that are put to it."""

    code: Code
    calls: tuple[Call, ...]
    budget: Budget = Budget()
    left: float = math.inf
    """How many of the budget's seconds there are still to spend."""

    @property
    def seconds(self) -> float:
        """How long it may take."""
        return min(self.left, self.budget.seconds)


class Ending(NamedTuple):
    """How a submission's process ended."""

    status: int | None
    """Its exit code, or minus the signal's number; None where nobody knows."""
    alone: bool = False
    """Whether it ended before the harness ended it."""
    overfull: bool = False
    """Whether it was ended for what it wrote into its scratch folder."""
    seconds: float = 0.0
    """The processor time that it used."""


class Location(NamedTuple):
    """Where code failed; as text, asker.py:12 in backprop."""

    file: str
    line: int | None = None
    function: str | None = None

    def __str__(self) -> str:
        line = "" if self.line is None else f":{self.line}"
        return f"{self.file}{line} in {self.function}" if self.function else f"{self.file}{line}"


@dataclass(frozen=True)
class Failure:
    """Why a call has no outcome, or broke off before its end."""

    kind: FailureKind
    message: str
    """One line, such as "ValueError: shapes (3,2) and (3,) not aligned"."""
    where: Location | None = None
    trace: tuple[str, ...] = ()
    """The traceback's lines, cut to the student's files and to `run`."""


class Outcome(NamedTuple):
    """What one call left behind under the names of `reads`; a name that it did not set is in no mapping."""

    arrays: Mapping[str, Array]
    """float16, float32 or float64, of at most 8 dimensions."""
    refused: Mapping[str, str]
    """Name -> why its value is no gradient, in one line."""
    changed: tuple[str, ...]
    """The inputs whose array was modified in place."""
    most_calls: int = 0
    """How often the student's busiest function was called, where that was watched."""
    turned_complex: bool = False
    """Whether one of the student's functions returned complex numbers, where that was watched."""
    failure: Failure | None = None
    """What ended `run` before its last line; what it had set by then counts."""


class Unfinished(NamedTuple):
    """What ended a submission's file before its end; what the file defines counts all the same."""

    failure: Failure
    """Its place is that of the file's own statement."""
    left_out: str = ""
    """The lines behind it that do more than to define something, such as "12-30, 35"; empty for none."""

    def __str__(self) -> str:
        """As a note below a verdict."""
        where = f"{self.failure.where}: " if self.failure.where else ""
        message = self.failure.message.rstrip(".")
        if not self.left_out:
            return f"{where}{message}; what the file defines counts all the same"
        return (
            f"{where}{message}; of what follows, only imports, functions, classes and constants "
            f"count (left out: {self.left_out})"
        )


class Loaded(NamedTuple):
    """A submission's file is loaded, and can be called."""

    unfinished: Unfinished | None = None
    """What ended the file, or one that it imports, before its end."""
    ipython: str = ""
    """The lines of a Python file that only IPython understands, such as "lines 2, 5"; empty for none."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of it below a verdict."""
        ipython = f"what only IPython understands is left out ({self.ipython})" if self.ipython else ""
        return tuple(filter(None, (ipython, str(self.unfinished or ""))))


def failure_of(result: Outcome | Failure) -> Failure | None:
    """Why a call has no outcome, or a part of one."""
    return result if isinstance(result, Failure) else result.failure


@dataclass(frozen=True)
class Transcript:
    """All that a submission answered: one result a call, in order, and what it printed."""

    results: tuple[Outcome | Failure, ...]
    output: str
    truncated: bool
    """Whether the code printed more than `output` holds."""
    imports: tuple[str, ...] = ()
    """The modules of FOREIGN that the code tried to import, in order."""
    restricted: tuple[Restricted, ...] = ()
    """What the code did that it may not do when a class is graded; empty where it is held to that."""
    seconds: float = 0.0
    """What it took; of code, by the word of the process that it ran in."""
    spent: float = 0.0
    """What the harness has waited for it, in seconds: it counts against the budget."""
    notes: tuple[str, ...] = ()
    """What is said of how the code was handed in."""

    @property
    def is_passing(self) -> bool:
        """Whether the machine kept it from answering, and not the submission: see PASSING."""
        return any(isinstance(result, Failure) and result.kind in PASSING for result in self.results)
