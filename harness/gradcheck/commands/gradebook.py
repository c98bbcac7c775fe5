"""`gradcheck gradebook`: look at what was graded, compare runs, export."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gradcheck.commands import output, status
from gradcheck.commands.arguments import Parser
from gradcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gradcheck.grading.gradebook import Gradebook
    from gradcheck.grading.records import Change, Filters


def run(arguments: list[str]) -> int:
    """Print what is asked of the gradebook; 0 when that could be had."""
    options = _parser().parse_args(arguments)
    from gradcheck.grading.gradebook import Gradebook
    from gradcheck.grading.run import GRADEBOOK

    path = options.folder / GRADEBOOK if options.folder.is_dir() else options.folder
    with Gradebook.reading(path) as book:
        output.show(_answer(book, options))
    return status.ALL_RIGHT


def _answer(book: Gradebook, options: argparse.Namespace) -> str:
    from gradcheck.grading import compare, export, overview, sheet

    if options.show:
        return sheet.render(book, options.show, width=output.width())
    if options.compare is not None:
        return compare.render(_changes(book, options.compare), width=output.width())
    if options.csv or options.json:
        if options.csv:
            export.write_csv(book, options.csv, _filters(options))
        if options.json:
            export.write_json(book, options.json, _filters(options))
        return "written: " + ", ".join(str(path) for path in (options.csv, options.json) if path)
    if options.worst:
        return "\n".join(overview.worst(book.stumbles(), book.columns(), width=output.width(), most=None))
    from gradcheck.report.color import use_color

    return overview.render(
        book,
        folder=str(options.folder),
        width=output.width(),
        color=use_color(options.color, sys.stdout),
        shown=None,
        filters=_filters(options),
    )


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
        raise UsageError(f"say which two runs to compare; there are runs {', '.join(map(str, known))}")
    before, after = wanted
    return changes(book.grades(run=before), book.grades(run=after))


def _parser() -> argparse.ArgumentParser:
    from gradcheck.grading.failure import WORDS

    parser = Parser(
        prog="gradcheck gradebook",
        description="Looks at what was graded. Without an option: the whole class, one line a submission.",
        epilog="exit status: 0, or 2 where the gradebook can't be read",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="what --out of `gradcheck grade` named")
    choose = parser.add_argument_group("choose")
    choose.add_argument("--submission", action="append", default=[], metavar="NAME", help="or a pattern: a*")
    choose.add_argument("--spec", action="append", default=[], metavar="SPEC", help="a path, or a pattern")
    choose.add_argument("--status", action="append", default=[], choices=[*status.STATUSES, *WORDS])
    choose.add_argument("--mistake", action="append", default=[], metavar="SLUG", help="who makes it")
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
    export = parser.add_argument_group("export")
    export.add_argument("--csv", type=Path, metavar="FILE", help="points, one line a submission")
    export.add_argument("--json", type=Path, metavar="FILE", help="everything")
    output.add_color(parser)
    return parser
