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
from gradcheck.formulas.limits import MAX_DOCUMENT, MAX_NOTEBOOK

if TYPE_CHECKING:
    from gradcheck.derivation.records import Derivation

DESCRIPTION = (
    "Checks pasted formulas: plain text, LaTeX, Markdown, a whole .tex file or a notebook. What "
    "the text defines is the network, and every equality in it is tested at random points."
)
EXAMPLES = """\
examples:
  gradcheck formula 'e = (x - y)^2; x = tanh(s); de/ds = 2 (x - y) (1 - x^2)'
  gradcheck formula 'z = W x + b; a = σ(z); C = ½‖a − y‖²; ∂C/∂W = ?'
  gradcheck formula --of '(tanh(s) - y)^2' --wrt s '2 (tanh(s) - y) / cosh(s)^2'
  printf '%s' '$L = -\\log \\sigma(z)$, $\\frac{dL}{dz} = \\sigma(z) - 1$' | gradcheck formula -

  gradcheck formula thesis.tex --format lines     gradcheck formula --spec SPEC homework.md

exit status: 0 all right; 1 something wrong; 2 could not judge
"""


def run(arguments: list[str]) -> int:
    """Check, and print the report; without a formula, talk."""
    options = _parser().parse_args([_no_option(argument) for argument in arguments])
    _refuse(options)
    threads.one_each()
    if options.formula is None:
        return _talk(options)
    text, source = _text(options.formula)
    derivation = _against_spec(options, text, source) if options.spec else _by_itself(options, text, source)
    report = _rendered(derivation, options)
    if report or options.output:
        output.write(report, options.output)
    if options.save:
        _save(options, text, source)
    return _status(derivation)


def _refuse(options: argparse.Namespace) -> None:
    """Complain of options that make no sense together."""
    if options.spec and (options.of or options.wrt or options.shapes or options.where or options.save):
        raise UsageError("--of, --wrt, --shapes, --where and --save can't be combined with --spec")
    if bool(options.of) != bool(options.wrt):
        raise UsageError("--of and --wrt go together")
    if options.save and options.save.exists():
        raise UsageError(f"--save: {options.save} exists already; choose another name, or remove it")
    if options.formula is not None:
        return
    if not sys.stdin.isatty():
        raise UsageError("give a formula, a file of formulas, or - for standard input: gradcheck formula -")
    if options.spec or options.of or options.save or options.output or options.format != "text":
        raise UsageError("without a formula, only --shapes and --where work; give a formula or a file")


def _talk(options: argparse.Namespace) -> int:
    from gradcheck.commands import prompt
    from gradcheck.paper.conversation import Conversation
    from gradcheck.report.color import use_color
    from gradcheck.report.derivation import render_claims

    color = use_color(options.color, sys.stdout)
    talk = Conversation()
    talk.declare(options.shapes, options.where)
    print(prompt.WELCOME)
    prompt.converse(
        prompt.with_history(),
        output.show,
        lambda derivation: render_claims(derivation, color=color, width=output.width()),
        talk,
    )
    return status.ALL_RIGHT


def _save(options: argparse.Namespace, text: str, source: str) -> None:
    """Write the spec, and say so where the report does not go."""
    from gradcheck.paper.saving.save import spec_of

    asked = {"of": options.of, "wrt": options.wrt, "shapes": options.shapes, "where": options.where}
    spec = spec_of(text, source, **asked)
    try:
        with options.save.open("x", encoding="utf-8") as file:
            file.write(spec)
    except OSError as error:
        raise UsageError(f"--save: {options.save}: {error.strerror}; choose another place") from None
    print(f"{options.save} is written: gradcheck spec show {options.save} --backward", file=sys.stderr)


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
        "formula",
        nargs="?",
        metavar="FILE|-|TEXT",
        help="a file, - for standard input, or the formula itself; without it, a prompt appears",
    )
    parser.add_argument("--spec", type=Path, help="the spec with the network of the formulas")
    parser.add_argument("--of", metavar="EXPRESSION", default="", help="the expression to differentiate")
    parser.add_argument("--wrt", metavar="NAME", default="", help="the variable to differentiate by")
    parser.add_argument("--shapes", default="", help="shapes of arrays, for example 'W: 3x2, x: 2'")
    parser.add_argument(
        "--where", default="", help="letters that stand for functions, for example 'θ = tanh'"
    )
    parser.add_argument(
        "--save", type=Path, metavar="FILE.yaml", help="write the network of the formulas as a spec"
    )
    parser.add_argument("--explain", action="store_true", help="explain how each name was read")
    output.add_options(parser, "lines", "github")
    output.add_color(parser)
    return parser


def _against_spec(options: argparse.Namespace, text: str, source: str) -> Derivation:
    from gradcheck.paper.check import check_beside as check

    return check(text, source, options.spec)


def _by_itself(options: argparse.Namespace, text: str, source: str) -> Derivation:
    from gradcheck.paper.check import check

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
        most = MAX_NOTEBOOK if formula.endswith(".ipynb") else MAX_DOCUMENT
        with Path(formula).open(encoding="utf-8", errors="replace", newline="") as file:
            return file.read(most + 1), formula
    if "\n" not in formula and Path(formula).suffix in (".tex", ".md", ".txt", ".ipynb"):
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
    if options.format in ("lines", "github"):
        from gradcheck.report import derivation_lines

        form = derivation_lines.lines if options.format == "lines" else derivation_lines.github
        return form(derivation)
    from gradcheck.report.color import use_color
    from gradcheck.report.derivation import render

    color = use_color(options.color, sys.stdout) and options.output is None
    return render(derivation, color=color, width=output.width(), explain=options.explain)
