"""`gradcheck gradebook`: look at what was graded, compare runs, override points, export."""

from __future__ import annotations

import argparse
import io
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gradcheck.commands import feedback, output, status
from gradcheck.commands.arguments import Parser
from gradcheck.errors import UsageError
from gradcheck.formats.grades import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gradcheck.grading.final import FinalGrades
    from gradcheck.grading.gradebook import Gradebook
    from gradcheck.grading.policy.records import Policy
    from gradcheck.grading.records import Change, Filters


def run(arguments: list[str]) -> int:
    """Do what is asked of the gradebook; 0 when that could be done."""
    options = _parser().parse_args(arguments)
    from gradcheck.grading.gradebook import Gradebook
    from gradcheck.grading.policy.read import policy_beside
    from gradcheck.grading.run import GRADEBOOK

    path = options.folder / GRADEBOOK if options.folder.is_dir() else options.folder
    _check(options)
    policy = policy_beside(path)
    if options.override or options.remove_override:
        _override(path, policy, options)
        return status.ALL_RIGHT
    with Gradebook.reading(path) as book:
        if options.format:
            _export(book, policy, options)
        elif options.feedback_dir and not options.show and options.compare is None:
            feedback.write_pages(_final_grades(book, policy, options), options)
            output.say_written(options.feedback_dir)
        else:
            output.show(_answer(book, policy, options))
    return status.ALL_RIGHT


def _check(options: argparse.Namespace) -> None:
    """Raises UsageError for options that make no sense beside each other."""
    for option, needs, given in (
        ("--template", "--format", options.template and not options.format),
        (
            "--assignment",
            "--format or --feedback-format nbgrader",
            options.assignment and not options.format and options.feedback_format != "nbgrader",
        ),
        ("--output", "--format", options.output and not options.format),
        ("--reason", "--override", options.reason and not options.override),
    ):
        if given:
            raise UsageError(f"{option} needs {needs}")
    if not options.format:
        return
    form = FORMATS[options.format]
    if options.template and not form.takes_template:
        raise UsageError(f"--format {options.format} takes no template: it writes {form.about}")


def _override(path: Path, policy: Policy, options: argparse.Namespace) -> None:
    from gradcheck.grading import final

    if options.remove_override:
        submission, spec = options.remove_override
        final.remove_override(path, submission=submission, spec=spec)
        output.show(f"{submission}, {spec}: the graded points count again")
        return
    submission, spec, text = options.override
    points = _points(text)
    final.override(path, policy, submission=submission, spec=spec, points=points, reason=options.reason or "")
    output.show(
        f"{submission}, {spec}: {points:g} points from now on; the graded points stay in the gradebook"
    )


def _points(text: str) -> float:
    try:
        points = float(text)
    except ValueError:
        points = math.nan
    if not math.isfinite(points):
        raise UsageError(f"{text} is not a number of points: write --override NAME SPEC POINTS, such as 6.5")
    return points


def _export(book: Gradebook, policy: Policy, options: argparse.Namespace) -> None:
    """Write the export, and say on stderr what has to be known of it."""
    from gradcheck.formats.course_files import template
    from gradcheck.formats.grade_format import Export

    form = FORMATS[options.format]
    export = Export(
        grades=_final_grades(book, policy, options),
        template=template.read(options.template) if options.template else None,
        assignment=options.assignment or "",
    )
    if options.output:
        remarks = form.save(export, options.output)
        output.say_written(options.output, verb="updated" if form.update else "written")
    else:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # as in files: names that are no Unicode stay
        remarks = form.write(export, sys.stdout)
    for remark in remarks:
        output.show(remark, sys.stderr)


def _answer(book: Gradebook, policy: Policy, options: argparse.Namespace) -> str:
    from gradcheck.grading import compare, overview, sheet

    if options.show:
        return sheet.render(book, options.show, policy, width=output.width())
    if options.compare is not None:
        return compare.render(_changes(book, options.compare), width=output.width())
    if options.worst:
        filters = _filters(options)
        stumbles, columns = book.stumbles(filters), book.columns(filters.specs)
        return "\n".join(overview.worst(stumbles, columns, width=output.width(), most=None))
    from gradcheck.report.color import use_color

    return overview.render(
        _final_grades(book, policy, options),
        folder=str(options.folder),
        width=output.width(),
        color=use_color(options.color, sys.stdout),
        shown=None,
        sort=options.sort,
    )


def _final_grades(book: Gradebook, policy: Policy, options: argparse.Namespace) -> FinalGrades:
    from gradcheck.grading.final import FinalGrades

    grades = FinalGrades(book, policy, _filters(options))
    if options.spec and not grades.columns:
        raise UsageError(f"{', '.join(options.spec)}: the gradebook has no spec with this name")
    for remark in grades.remarks():
        output.show(remark, sys.stderr)
    return grades


def _filters(options: argparse.Namespace) -> Filters:
    from gradcheck.grading.records import Filters

    return Filters(
        submissions=tuple(options.submission),
        specs=tuple(options.spec),
        statuses=tuple(options.status),
        mistakes=tuple(options.mistake),
    )


def _changes(book: Gradebook, runs: list[int]) -> Iterator[Change]:
    from gradcheck.grading.compare import changes

    known = [run.number for run in book.runs()]
    wanted = runs or known[-2:]
    if len(wanted) != 2 or not set(wanted) <= set(known):
        raise UsageError(f"give two runs to compare; the gradebook has runs {', '.join(map(str, known))}")
    before, after = wanted
    return changes(book.grades(run=before), book.grades(run=after))


def _parser() -> argparse.ArgumentParser:
    from gradcheck.grading.failure import WORDS

    parser = Parser(
        prog="gradcheck gradebook",
        description="Shows the grades of a class. Without an option: all of it, one line per submission. "
        "DIR/policy.yaml, if it exists, says what lateness costs, which specs are for extra credit, "
        "and how points are rounded.",
        epilog="exit status: 0, or 2 if the gradebook can't be read",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="the --out folder of `gradcheck grade`")
    parser.add_argument("--sort", default="name", metavar="BY", help="name, points, status, or a spec")
    choose = parser.add_argument_group("filter")
    choose.add_argument(
        "--submission", action="append", default=[], metavar="NAME", help="a name, or a pattern: a*"
    )
    choose.add_argument("--spec", action="append", default=[], metavar="SPEC", help="a path, or a pattern")
    choose.add_argument("--status", action="append", default=[], choices=[*status.STATUSES, *WORDS])
    choose.add_argument(
        "--mistake", action="append", default=[], metavar="SLUG", help="submissions with this mistake"
    )
    act = parser.add_argument_group("instead of the table").add_mutually_exclusive_group()
    act.add_argument("--show", metavar="NAME", help="one submission's whole report")
    act.add_argument("--worst", action="store_true", help="what the class gets wrong, most frequent first")
    act.add_argument(
        "--compare",
        nargs="*",
        type=int,
        metavar="RUN",
        help="whose grades differ between two runs (the last two)",
    )
    act.add_argument(
        "--override",
        nargs=3,
        metavar=("NAME", "SPEC", "POINTS"),
        help="replace the graded points, in all later runs, too",
    )
    act.add_argument(
        "--remove-override", nargs=2, metavar=("NAME", "SPEC"), help="let the graded points count again"
    )
    act.add_argument(
        "--format", choices=FORMATS, metavar="FORMAT", help=f"for another program: {', '.join(FORMATS)}"
    )
    feedback.add_pages(parser)
    parser.add_argument("--reason", metavar="TEXT", help="of an override; its student reads it, too")
    export = parser.add_argument_group("with --format")
    export.add_argument(
        "--template", type=Path, metavar="FILE", help="a file from Canvas or Moodle, to fill in"
    )
    export.add_argument(
        "--assignment", metavar="NAME", help="the assignment's title or number there, or a heading"
    )
    export.add_argument("--output", type=Path, metavar="FILE", help="write to this file, not to the terminal")
    output.add_color(parser)
    return parser
