"""`gradcheck spec`: say what is wrong with specs, show them, print the schema of their language."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gradcheck.commands import output, places, status, threads
from gradcheck.errors import GradcheckError, SpecError

if TYPE_CHECKING:
    from gradcheck.checker import Checker
    from gradcheck.spec.records import Spec

SCHEMA = Path(__file__).parent.parent / "schema.json"


def run(arguments: list[str]) -> int:
    """Do what the first argument says."""
    parser = argparse.ArgumentParser(prog="gradcheck spec", epilog=status.EPILOG, allow_abbrev=False)
    actions = parser.add_subparsers(dest="action", required=True, metavar="check|show|schema")
    for action, help_text in (
        ("check", "say what is wrong with specs"),
        ("show", "show the network, its quantities and their shapes in the notation"),
    ):
        actions.add_parser(action, help=help_text).add_argument("spec", nargs="+", type=Path)
    actions.add_parser("schema", help="print the JSON Schema that editors use")
    options = parser.parse_args(arguments)
    act: dict[str, Callable[[argparse.Namespace], int]] = {
        "check": _check,
        "show": _show,
        "schema": _schema,
    }
    return act[options.action](options)


def _check(options: argparse.Namespace) -> int:
    from gradcheck.checker import Checker
    from gradcheck.spec.read import read

    found = status.ALL_RIGHT
    with contextlib.ExitStack() as stack:
        checker: Checker | None = None
        for path in places.specs(options.spec):
            try:
                spec = read(path)
                if spec.reference is not None and checker is None:
                    threads.one_each()
                    checker = stack.enter_context(Checker())
                tried = _tried(spec, path, checker) if checker else ""
            except GradcheckError as error:
                output.show(error)
                found = status.COULD_NOT_JUDGE
            else:
                cases = f"{len(spec.check)} quantities to check in {len(spec.cases)} cases"
                output.show(f"{path}: fine; {cases}{tried}")
    return found


def _tried(spec: Spec, path: Path, checker: Checker) -> str:
    """What is to be said of a reference that is right; SpecError where it is not."""
    from gradcheck.reference import complaint, solution
    from gradcheck.report.data import as_data
    from gradcheck.spec.complaint import Complaint

    submission = solution(spec)
    if submission is None:
        return ""
    if isinstance(submission, Complaint):
        raise SpecError([submission])
    verdict = checker.check(submission, path)
    if verdict.internal is not None:
        return f"; the reference is not tried: {verdict.internal}"
    (report,) = as_data([verdict])["results"]
    if fault := complaint(spec, report):
        raise SpecError([fault])
    return "; the reference is right"


def _show(options: argparse.Namespace) -> int:
    from gradcheck.report.outline import render
    from gradcheck.spec.read import read

    print("\n\n".join(render(read(path)) for path in places.specs(options.spec)))
    return status.ALL_RIGHT


def _schema(options: argparse.Namespace) -> int:
    print(SCHEMA.read_text(encoding="utf-8"), end="")
    return status.ALL_RIGHT
