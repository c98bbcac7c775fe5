"""`gradcheck init`: a new exercise, and the course around it."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from gradcheck import __version__
from gradcheck.commands import output, questions, status, threads
from gradcheck.commands.arguments import Parser
from gradcheck.errors import GradcheckError, UsageError

if TYPE_CHECKING:
    from gradcheck.project.course import File
    from gradcheck.specification.records import Spec

DESCRIPTION = (
    "Makes a course folder: an exercise, starter code, a right solution, and the configuration of pytest and "
    "GitHub. In the folder of a course it adds an exercise. On a terminal it asks for what no option states. "
    "The solution is checked before anything is written, and nothing is overwritten."
)


def run(arguments: list[str]) -> int:
    """Ask what is open, try the solution, write the files, say what comes next."""
    options = _parser().parse_args(arguments)
    questions.refuse_together(options)
    if sys.stdin.isatty() and sys.stdout.isatty() and not options.defaults:
        questions.ask(options, input, output.show)
    threads.one_each()
    from gradcheck.project.course import refuse_overwriting, write

    folder = options.folder.absolute()
    spec, files = _made(options, folder)
    refuse_overwriting(folder, files)
    if not options.dry_run:
        _try_out(spec, files)
        write(folder, files)
    output.show(_listed(options.folder, files))
    if options.dry_run:
        output.show("\nnothing is written: this was a dry run")
    else:
        output.show(_next_steps(options.folder))
    return status.ALL_RIGHT


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="gradcheck init",
        description=DESCRIPTION,
        epilog="exit status: 0 everything is written; 2 nothing is, with the reason",
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path(), metavar="DIR", help="the folder (default: here)"
    )
    parser.add_argument("--name", metavar="NAME", help="name of the exercise's files (default: by network)")
    parser.add_argument("--title", metavar="TEXT", help="title of the exercise")
    parser.add_argument("--notation", metavar="NAME", help="notation of the exercise (nielsen)")
    parser.add_argument("--function", metavar="NAME", help="the function that students write (backprop)")
    layers = parser.add_argument_group("a network of dense layers")
    layers.add_argument("--layers", metavar="2,3,1", help="their widths, the inputs first (2,3,1)")
    layers.add_argument("--activation", metavar="NAME", help="activation of the layers (sigmoid)")
    layers.add_argument("--output-activation", metavar="NAME", help="of the last layer (by loss)")
    layers.add_argument("--loss", metavar="NAME", help="the loss (half_squared_error)")
    other = parser.add_argument_group("another network")
    other.add_argument("--from", dest="source", metavar="KIND|FILE", help=questions.about_kinds())
    other.add_argument(
        "--equations", metavar="FILE|TEXT", help="lines such as 'z = x @ W', or separated by ;"
    )
    other.add_argument("--inputs", metavar="TEXT", help="for equations: 'x: [n, d], y: [n, u]'")
    other.add_argument("--parameters", metavar="TEXT", help="for equations: 'W: [d, u]'")
    other.add_argument("--sizes", metavar="TEXT", help="for equations: 'n: 5, d: 3, u: 2' (all different)")
    group = parser.add_argument_group("other options")
    group.add_argument("--defaults", action="store_true", help="ask nothing")
    group.add_argument("--dry-run", action="store_true", help="list the files, and write none")
    return parser


def _made(options: argparse.Namespace, folder: Path) -> tuple[Spec, dict[str, File]]:
    """The spec, and every file by its path in the folder."""
    from gradcheck.commands.draft import named_spec
    from gradcheck.project.course import course_files, exercise_files, submissions_of
    from gradcheck.project.exercise import checked
    from gradcheck.project.stub import stub
    from gradcheck.report.code import calls_of, code

    name, text = named_spec(options)
    spec = checked(text, f"{name}.yaml")
    submissions = submissions_of(folder)
    calls = [] if spec.contract.by_key else calls_of(spec)
    reference = f"# {spec.title}: a right solution.\n\n{code(spec)}"
    stem = Path(spec.contract.file).with_suffix("").as_posix()
    files = exercise_files(name, stem, text, (stub(spec, calls), reference), submissions or "submissions")
    return spec, files if submissions else {**files, **course_files(stem, spec.title, __version__)}


def _try_out(spec: Spec, files: Mapping[str, File]) -> None:
    """Check the solution in a folder of its own. Raises UsageError where it is not right."""
    from gradcheck.checker import Checker
    from gradcheck.project.course import REFERENCE, write
    from gradcheck.report.words import summary
    from gradcheck.submission.find import at

    with tempfile.TemporaryDirectory() as folder, Checker() as checker:
        write(Path(folder), files)
        verdict = checker.check(at(Path(folder, REFERENCE)), Path(folder, "specs", Path(spec.path).name))
    if verdict.internal is not None:
        raise GradcheckError(
            f"the solution could not be checked: {verdict.internal}\n{verdict.internal.trace}"
        )
    if verdict.status != "right":
        wrong = next(quantity for quantity in verdict.quantities if quantity.status != "right")
        raise UsageError(f"nothing is written: no right solution was found: {summary(wrong)}")


def _listed(folder: Path, files: Mapping[str, File]) -> str:
    paths = {(folder / name).as_posix(): file.about for name, file in files.items()}
    width = max(map(len, paths))
    return "\n".join(f"{path:{width}}  {about}" for path, about in paths.items())


def _next_steps(folder: Path) -> str:
    there = "" if folder == Path() else f"cd {quote(str(folder))}\n  "
    return f"""
The solution was checked: it is right. Next:

  {there}gradcheck reference    the solution: all right
  gradcheck student      the starter code: nothing is right yet
  pytest                 the same, one test per gradient
  gradcheck grade submissions --spec specs --out grades
  gradcheck spec schema --install      lets editors complete and check specs"""
