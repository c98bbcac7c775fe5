"""The contract of a sheet: the file, and the Python text that calls the student's code."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import PurePath
from unicodedata import normalize

from gradcheck.specification.complaint import short
from gradcheck.specification.free_names import first_read, taken_names
from gradcheck.specification.language import Sheet
from gradcheck.specification.quantity import STRENGTH
from gradcheck.specification.records import Contract
from gradcheck.specification.yaml_text import Mark, Source

RUN = ("submission", "run")
NO_VARIABLE = "can't be the name of a variable in Python"


@dataclass(frozen=True)
class Variables:
    """What `run` is given and asked for, by the names that it uses."""

    parameters: Sequence[str]
    inputs: Sequence[str]
    given: Sequence[str]
    """Intermediates."""
    penalised: bool
    check: Sequence[str]
    accept: Sequence[str]
    source: str
    """Whose names they are."""

    @property
    def names(self) -> list[str]:
        """All that `run` is given."""
        return [*self.parameters, *self.inputs, *self.given, *[STRENGTH] * self.penalised]


def contract(source: Source, sheet: Sheet, variables: Variables, given: tuple[str, ...]) -> Contract:
    """The contract, complaining about a `run` that can't do its work.

    `given` are canonical names of intermediates.
    """
    submission = sheet.submission
    if submission.run is None:
        run, line = plain_run(variables), _owner_line(source)
    else:
        run, line = submission.run, _first_line(source.places[RUN].value)
        if tree := parsed_run(source, sheet):
            _check_bound(source, sheet, set(variables.check).difference(_bound(tree)))
            _check_spelling(source, variables, run)
    return Contract(
        file=_file(source, submission.file),
        run=run,
        run_line=line,
        seconds=submission.seconds,
        memory_mb=submission.memory_mb,
        output=submission.output,
        given=given,
        names=tuple(variables.names),
        by_key=submission.run is None,
        formula=submission.formula,
    )


def plain_run(variables: Variables) -> str:
    """`grads = backprop(params, x, y)` with dictionaries keyed by symbol, the symbols read from grads.

    With an upstream gradient y is dout, without a loss there is none; a penalty adds its λ at the end.
    """
    params = ", ".join(f'"{symbol}": {symbol}' for symbol in (*variables.parameters, *variables.given))
    arguments = ", ".join([f"{{{params}}}", *variables.inputs, *[STRENGTH] * variables.penalised])
    symbols = (*variables.check, *variables.accept)
    reads = [f'if "{symbol}" in grads.keys(): {symbol} = grads["{symbol}"]' for symbol in symbols]
    return "\n".join([f"grads = backprop({arguments})", *reads, ""])


def is_variable(name: str) -> bool:
    """Whether Python has variables of this name, and doesn't read it as another one."""
    return name.isidentifier() and not iskeyword(name) and normalize("NFKC", name) == name


def _file(source: Source, file: str | None) -> str:
    if file is None:
        return f"{PurePath(source.path).stem}.py"
    path = PurePath(file)
    if path.is_absolute() or path.suffix != ".py" or ".." in path.parts or "\\" in file:
        source.complain(
            ("submission", "file"),
            f"{short(file)!r} is no Python file in a submission's folder",
            "as in backprop.py",
        )
    return file


def _owner_line(source: Source) -> int:
    place = source.places.get(("submission",), source.places[("check",)])
    return place.key.line


def _first_line(run: Mark) -> int:
    """A block starts in the line after its | or >."""
    return run.line + (run.style in ("|", ">"))


def parsed_run(source: Source, sheet: Sheet) -> ast.Module | None:
    """The tree of `run`; None where it is not said, and, with a complaint, where it is not Python."""
    run = sheet.submission.run
    if run is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(run)
    except SyntaxError as error:
        place = _place(source, run, error.lineno or 1, error.offset or 1)
        source.complain_at(place, f"run is not Python: {error.msg}")
    except (ValueError, RecursionError, MemoryError):
        source.complain(RUN, "run is not Python that can be read", "write it in shorter statements")
    return None


def _check_bound(source: Source, sheet: Sheet, missing: Collection[str]) -> None:
    """Complain where what is checked is never set."""
    for number, symbol in enumerate(sheet.check):
        if symbol in missing:
            source.complain(("check", number), f"run never sets {symbol}", f"add `{symbol} = …` to run")


def _check_spelling(source: Source, variables: Variables, run: str) -> None:
    """Complain where `run` reads a variable by the other case's letter: X for x."""
    given = variables.names
    by_letter = {name.casefold(): name for name in given if _alone(name.casefold(), given)}
    for name in taken_names(run, given):
        meant = by_letter.get(name.casefold())
        read = first_read(run, name) if meant else None
        if meant and read is not None:
            line = run.splitlines()[read.lineno - 1]
            column = len(line.encode()[: read.col_offset].decode()) + 1  # of Python's count of bytes
            source.complain_at(
                _place(source, run, read.lineno, column),
                f"run has no {name}: in {variables.source} it is called {meant}",
                f"write {meant}, or bind it: {name} = {meant}",
            )


def _alone(folded: str, names: Sequence[str]) -> bool:
    """Whether one of the names alone differs from it by nothing but case."""
    return sum(name.casefold() == folded for name in names) == 1


def _bound(tree: ast.AST) -> Iterator[str]:
    """The names that statements bind."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.asname or node.name
        elif isinstance(node, ast.FunctionDef):
            yield node.name


def _place(source: Source, run: str, line: int, column: int) -> Mark:
    """Where in the file a fault of `run` stands; its start where folding has moved the lines."""
    start = source.places[RUN].value
    if start.style == "|":
        number = min(start.line + line, len(source.lines))
        indent = (
            len(source.lines[number - 1]) - len(run.splitlines()[line - 1])
            if run.splitlines()[line - 1 :]
            else 0
        )
        return Mark(number, max(1, indent + column))
    if start.style != ">" and line == 1:
        return Mark(start.line, start.column + bool(start.style) + max(1, column) - 1)
    return start
