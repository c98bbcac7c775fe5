"""`gradcheck formula`: formulas and derivations as people write them, checked step by step."""

from __future__ import annotations

import argparse
import io
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gradcheck.commands import output, status, threads
from gradcheck.commands.arguments import Parser
from gradcheck.errors import UsageError
from gradcheck.formulas.limits import MAX_DOCUMENT

if TYPE_CHECKING:
    from gradcheck.derivation.records import Derivation

DESCRIPTION = (
    "Checks formulas: plain text, LaTeX, or Markdown with $formulas$, of what the text itself defines or of "
    "a spec's network. Every equality of a chain A = B = C is tried at several random points."
)
EXAMPLES = """\
examples:
  gradcheck formula 'd/dx x^2 = 2x'
  gradcheck formula 'e = (x-y)^2; x = tanh(s); de/ds = 2(x-y)(1-x^2)'
  gradcheck formula homework.md
  gradcheck formula --spec specs/two_layer.yaml 'delta3 = a3 - y'

exit status: 0 all right; 1 something wrong; 2 could not judge
"""


def run(arguments: list[str]) -> int:
    """Check, and print the report."""
    options = _parser().parse_args([_no_option(argument) for argument in arguments])
    threads.one_each()
    derivation = _against_spec(options) if options.spec else _by_itself(options)
    output.write(_rendered(derivation, options), options.output)
    return _status(derivation)


def _no_option(argument: str) -> str:
    """A formula may begin with a minus; a space keeps it from being read as an option."""
    formula = argument.startswith("-") and not argument.startswith("--") and argument not in ("-", "-h")
    return f" {argument}" if formula else argument


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="gradcheck formula",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "formula", metavar="FILE|-|TEXT", help="a file, - for what is piped in, or the formula itself"
    )
    parser.add_argument("--spec", type=Path, help="the spec whose network the formulas speak of")
    parser.add_argument("--of", metavar="EXPRESSION", default="", help="what is differentiated")
    parser.add_argument("--wrt", metavar="NAME", default="", help="and by what")
    parser.add_argument("--shapes", default="", help="how long arrays are, as in 'W: 3x2, x: 2'")
    parser.add_argument("--where", default="", help="what letters stand for functions, as in 'θ = tanh'")
    parser.add_argument("--explain", action="store_true", help="say what each name was taken for")
    output.add_options(parser)
    output.add_color(parser)
    return parser


def _against_spec(options: argparse.Namespace) -> Derivation:
    if options.of or options.wrt or options.shapes or options.where:
        raise UsageError("--of, --wrt, --shapes and --where go without --spec")
    from gradcheck.paper.check import check_beside as check

    text, source = _text(options.formula)
    return check(text, source, options.spec)


def _by_itself(options: argparse.Namespace) -> Derivation:
    if bool(options.of) != bool(options.wrt):
        raise UsageError("--of and --wrt go together")
    from gradcheck.paper.check import check

    text, source = _text(options.formula)
    return check(text, source, of=options.of, wrt=options.wrt, shapes=options.shapes, where=options.where)


def _text(formula: str) -> tuple[str, str]:
    """The text and what it is called: a file that exists is read, all else is the formula itself.

    Of a text that is too long, no more is taken than shows it.
    """
    if formula == "-":
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")
        return sys.stdin.read(MAX_DOCUMENT + 1), "what was piped in"
    if _is_file(formula):
        with Path(formula).open(encoding="utf-8", errors="replace", newline="") as file:
            return file.read(MAX_DOCUMENT + 1), formula
    if "\n" not in formula and Path(formula).suffix in (".tex", ".md", ".txt"):
        raise UsageError(f"{formula}: there is no such file")
    return formula, "your formula"


def _is_file(text: str) -> bool:
    """Whether there is a file of that name; a formula may be too long for a name."""
    with suppress(OSError, ValueError):
        return Path(text).is_file()
    return False


def _status(derivation: Derivation) -> int:
    from gradcheck.derivation.records import Standing

    good = dict.fromkeys((Standing.RIGHT, Standing.ANSWERED), status.ALL_RIGHT)
    exits = good | {Standing.WRONG: status.SOMETHING_WRONG}
    return exits.get(derivation.standing, status.COULD_NOT_JUDGE)


def _rendered(derivation: Derivation, options: argparse.Namespace) -> str:
    if options.format == "json":
        from gradcheck.report.derivation_data import dumps

        return dumps(derivation)
    from gradcheck.report.color import use_color
    from gradcheck.report.derivation import render

    color = use_color(options.color, sys.stdout) and options.output is None
    return render(derivation, color=color, width=output.width(), explain=options.explain)
