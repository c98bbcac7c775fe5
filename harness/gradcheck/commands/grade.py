"""`gradcheck grade`: every submission of a folder against every spec, into a gradebook."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gradcheck.boundary import attempt
from gradcheck.commands import feedback, output, sandbox, status, threads
from gradcheck.commands.arguments import Parser
from gradcheck.commands.specs import specs_at
from gradcheck.errors import GradcheckError, UsageError
from gradcheck.grading.cores import available

if TYPE_CHECKING:
    from gradcheck.grading.engine import Start
    from gradcheck.grading.final import FinalGrades

EXPORTS = ("csv", "json")
"""What is written beside the gradebook; a dashboard is, too."""
DASHBOARD = "dashboard.html"
DESCRIPTION = "Grades a class: every submission against every spec. Finished grades are not computed again."


def run(arguments: list[str]) -> int:
    """Grade; 0 when grading succeeded, whatever the grades, and 2 where a spec is at fault."""
    options = _parser().parse_args(arguments)
    threads.one_each()
    if options.engine == "local":
        from gradcheck.grading import processes

        processes.load()  # first of all: the rest is loaded meanwhile
    from gradcheck.grading.final import FinalGrades
    from gradcheck.grading.gradebook import Gradebook
    from gradcheck.grading.policy.read import policy_beside
    from gradcheck.grading.run import GRADEBOOK, Order, grade

    hidden = specs_at(options.hidden)
    order = Order(
        submissions=options.submissions,
        specs=tuple(specs_at(options.spec)),
        hidden=tuple(hidden),
        out=options.out,
        engine=_engine(options),
        seed=options.seed,
        fresh=options.fresh,
        unsafe=options.unsafe,
        isolate=options.isolate == "spec",
        feedback=options.feedback,
        assignment=options.assignment or "",
    )
    policy = policy_beside(options.out / GRADEBOOK)  # what is wrong with it is said before anything runs
    feedback.check_pages(options)
    sound = grade(order, progress=sys.stderr)
    from gradcheck.grading import overview

    with Gradebook.reading(options.out / GRADEBOOK) as book:
        grades = FinalGrades(book, policy)
        for remark in grades.remarks():
            output.show(remark, sys.stderr)
        for form in EXPORTS:
            _export(grades, form, options.out / f"grades.{form}")
        _write_dashboard(grades, options.out / DASHBOARD)
        feedback.write_pages(grades, options)
        output.show(overview.render(grades, folder=str(options.out), width=output.width()))
    return status.ALL_RIGHT if sound else status.COULD_NOT_JUDGE


def _export(grades: FinalGrades, form: str, path: Path) -> None:
    """Write all grades in that format. Raises GradcheckError where the file can't be written."""
    from gradcheck.formats.grade_format import Export
    from gradcheck.formats.grades import FORMATS

    FORMATS[form].save(Export(grades=grades), path)


def _write_dashboard(grades: FinalGrades, path: Path) -> None:
    """Write the dashboard; one that can't be made costs itself, and a line on stderr."""
    try:
        failure: object = attempt("report", lambda: _export(grades, "html", path))
    except GradcheckError as error:
        failure = error
    if failure:
        output.show(f"{path}: no dashboard of this run: {failure}", sys.stderr)


def _engine(options: argparse.Namespace) -> Start:
    """What grades. Raises UsageError where Dask is not installed, or a scheduler is named for nothing."""
    if options.engine == "local":
        from gradcheck.grading.engine.local import LocalEngine

        if options.scheduler:
            raise UsageError("--scheduler goes with --engine dask")
        return lambda assignment: LocalEngine(assignment.terms, options.jobs)
    try:
        from gradcheck.grading.engine.dask import DaskEngine
    except ModuleNotFoundError as error:
        if error.name not in ("dask", "distributed"):
            raise
        raise UsageError("--engine dask needs Dask; run: pip install 'gradcheck[dask]'") from None
    return lambda assignment: DaskEngine(assignment, options.scheduler, options.jobs)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="gradcheck grade",
        description=DESCRIPTION,
        epilog="exit status: 0 graded, whatever the grades; 2 could not grade, or a spec has an error",
    )
    parser.add_argument(
        "submissions",
        type=Path,
        help="a folder or a zip, also with file names of Canvas, Moodle, Gradescope, nbgrader or otter",
    )
    parser.add_argument("--spec", action="append", required=True, type=Path, help="a spec, or a folder")
    sandbox.add_hidden(parser)
    parser.add_argument("--feedback", **feedback.SETTINGS)
    feedback.add_pages(parser)
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="the folder of the gradebook")
    parser.add_argument(
        "--jobs",
        type=_whole(1, 256),
        default=len(available()),
        metavar="N",
        help="submissions to run at the same time (default: one per core)",
    )
    parser.add_argument(
        "--engine",
        choices=("local", "dask"),
        default="local",
        help="where to grade: in processes of this machine (the default), or on workers of a Dask cluster",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="the cluster's scheduler, or its scheduler file (default: start --jobs processes here)",
    )
    parser.add_argument(
        "--seed",
        type=_whole(0, 2**53 - 1),
        metavar="N",
        help="the secret seed of fresh cases (default: as before, or else random)",
    )
    parser.add_argument("--fresh", action="store_true", help="grade everything again")
    parser.add_argument(
        "--isolate",
        choices=("submission", "spec"),
        default="submission",
        help="which of them gets its own process",
    )
    parser.add_argument(
        "--assignment", metavar="NAME", help="the assignment to grade, if nbgrader's folder has several"
    )
    sandbox.add_unsafe(parser)
    return parser


def _whole(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers in that range."""

    def read(text: str) -> int:
        digits = text.isascii() and text.isdecimal() and len(text) <= len(str(high))
        if not digits or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
        return int(text)

    return read
