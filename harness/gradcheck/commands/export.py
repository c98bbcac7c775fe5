"""`gradcheck export`: what another system needs to run gradcheck on what students hand in there."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gradcheck.commands import feedback, output, sandbox, status, threads
from gradcheck.commands.arguments import Parser
from gradcheck.commands.specs import specs_at
from gradcheck.errors import UsageError
from gradcheck.formats.systems import SYSTEMS

if TYPE_CHECKING:
    from gradcheck.formats.exercise import Exercise
    from gradcheck.formats.system import System
    from gradcheck.oracle.key import AnswerKey

DESCRIPTION = (
    "Writes what another system needs to run gradcheck: specs with their answers, but without solutions, "
    "and the programs that the system starts. docs/formats.md explains how to set it up."
)


def run(arguments: list[str]) -> int:
    """Write the export; 0 when that was done."""
    options = _parser().parse_args(arguments)
    threads.one_each()
    from gradcheck.formats.writing import write

    target = SYSTEMS[options.system]
    _check(options, target)
    exercise = _exercise(options, target)
    write(target.files(exercise), options.out, is_archive=target.is_archive)
    notes = [f"{options.out}: {target.about}", f"next: {target.next}"]
    if options.unsafe:
        notes.append("note: without a sandbox, submissions can read the answers and write grades")
    output.show("\n".join(notes))
    return status.ALL_RIGHT


def _check(options: argparse.Namespace, target: System) -> None:
    """Raises UsageError for options that the system, or pip, would refuse later."""
    from gradcheck.formats.requirements import check

    check(options.package)
    if options.hidden_visibility != "visible" and not target.has_visibility:
        raise UsageError(f"--hidden-visibility: {options.system} shows all results at once; leave it out")
    if options.seconds is not None and not 1 <= options.seconds <= target.most_seconds:
        raise UsageError(
            f"--seconds {options.seconds}: {options.system} lets a run take at most {target.most_seconds} s; "
            f"give a number from 1 to {target.most_seconds}"
        )


def _exercise(options: argparse.Namespace, target: System) -> Exercise:
    """What is to be exported. Raises SpecError for a spec that is at fault, also by its reference."""
    from gradcheck.formats.answers import portable
    from gradcheck.formats.exercise import Exercise, longest

    paths = _inside("specs", specs_at(options.spec))
    paths |= _inside("hidden", specs_at(options.hidden))
    keys, answers = portable(lambda: _keys(list(paths.values()), list(paths)))
    needed = longest(keys)
    most = target.most_seconds - target.spare
    limit = min(options.seconds or target.seconds or needed, most)
    if limit < needed:
        longer = "" if needed > most else "set a longer time there and pass it with --seconds, or "
        raise UsageError(
            f"grading one submission may take {needed} s, as the seconds of the specs add up, but "
            f"{options.system} allows {limit} s; {longer}lower the seconds of the specs"
        )
    return Exercise(
        specs={inner: path.read_bytes() for inner, path in paths.items()},
        keys=keys,
        answers=answers,
        packages=tuple(options.package),
        feedback=options.feedback,
        hidden_visibility=options.hidden_visibility,
        unsafe=options.unsafe,
        seconds=limit,
    )


def _inside(folder: str, paths: Sequence[Path]) -> dict[str, Path]:
    """Where each spec lies in the export; a name that is taken goes one folder deeper."""
    placed: dict[str, Path] = {}
    for number, path in enumerate(paths, 1):
        inner = f"{folder}/{path.name}"
        placed[f"{folder}/{number}/{path.name}" if inner in placed else inner] = path
    return placed


def _keys(paths: Sequence[Path], shown: Sequence[str]) -> tuple[AnswerKey, ...]:
    """The specs' answer keys, and in the store all that a diagnosis asks for; references are tried first."""
    from dataclasses import replace

    from gradcheck.checker import Checker
    from gradcheck.commands.reference import tried
    from gradcheck.diagnosis.questions import questions

    keys = []
    with Checker() as checker:
        for path, inner in zip(paths, shown, strict=True):
            key = checker.key(path)
            tried(key.spec, path, checker)
            questions(key).prepare()
            keys.append(replace(key, spec=replace(key.spec, path=inner)))
    return tuple(keys)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="gradcheck export",
        description=DESCRIPTION,
        epilog="exit status: 0 written; 2 not written, or a spec has an error",
    )
    parser.add_argument("system", choices=SYSTEMS, metavar="SYSTEM", help=", ".join(SYSTEMS))
    parser.add_argument("--spec", action="append", required=True, type=Path, help="a spec, or a folder")
    sandbox.add_hidden(parser)
    sandbox.add_visibility(parser)
    parser.add_argument(
        "--out", required=True, type=Path, metavar="PATH", help="the zip or the folder to write"
    )
    parser.add_argument("--feedback", **feedback.SETTINGS)
    parser.add_argument(
        "--package",
        action="append",
        default=[],
        metavar="NAME",
        help="a package that submissions may import besides NumPy, such as scipy==1.17.0",
    )
    parser.add_argument(
        "--seconds", type=int, metavar="S", help="how long grading one submission may take there"
    )
    sandbox.add_unsafe(parser)
    return parser
