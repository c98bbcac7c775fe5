"""What goes to a student's code and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from numpy.typing import NDArray

Array: TypeAlias = "NDArray[Any]"
Value: TypeAlias = "Array | float | int"

FailureKind: TypeAlias = Literal[
    "missing", "refused", "syntax", "exception", "timeout", "memory", "died", "protocol", "too_large"
]

FOREIGN = ("torch", "jax", "jaxlib", "autograd", "tensorflow", "keras")
"""Modules that derive gradients by themselves: no part of an exercise in deriving them by hand."""
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


@dataclass(frozen=True)
class Failure:
    """Why a call has no outcome."""

    kind: FailureKind
    message: str
    """One line, such as "ValueError: shapes (3,2) and (3,) not aligned"."""
    where: str | None = None
    """Such as "anna.py:12 in backprop" or "two_layer.yaml:9"."""
    trace: tuple[str, ...] = ()
    """The traceback's lines, cut to the student's files and to `run`."""


@dataclass(frozen=True)
class Transcript:
    """All that a submission answered: one result a call, in order, and what it printed."""

    results: tuple[Outcome | Failure, ...]
    output: str
    truncated: bool
    """Whether the code printed more than `output` holds."""
    imports: tuple[str, ...] = ()
    """The modules of FOREIGN that the code tried to import, in order."""
    seconds: float = 0.0
    """What it took; of code, by the word of the process that it ran in."""
