"""`gradcheck TARGET`: a submission against specs, or one function by differences."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from gradcheck import __version__
from gradcheck.commands import feedback, output, sandbox, status
from gradcheck.commands.arguments import Parser
from gradcheck.commands.judging import Judged, own, strangers
from gradcheck.commands.packed import unpacked
from gradcheck.commands.specs import specs_at
from gradcheck.commands.table import usage
from gradcheck.commands.target import function_of
from gradcheck.errors import GradcheckError, UsageError
from gradcheck.formats import reports
from gradcheck.report.color import use_color

if TYPE_CHECKING:
    from gradcheck.report.extent import Extent
    from gradcheck.verdict.records import Verdict

_OF_FUNCTIONS = ("grad", "at", "wrt", "jacobian", "rtol", "atol", "seconds")
"""The options that a spec has no use for."""
_OF_STRANGERS = ("hidden", "hidden_visibility", "unsafe", "name")
"""Those that only code in the sandbox has a use for."""


def run(arguments: list[str]) -> int:
    """Check, and write the report."""
    options = options_of(arguments)
    refuse_settings(options)
    if options.watch:
        from gradcheck.commands.watch import watch

        return watch(options, arguments)
    start = time.monotonic()
    judged = _judged(options)
    if judged.verdicts or options.format != "text":
        _report(judged, options, time.monotonic() - start)
    for complaint in (*judged.complaints, *_traces(judged.verdicts)):
        output.show(complaint, sys.stderr)
    sys.stdout.flush()  # nobody waits for what the next run finds
    for fault in judged.keep():
        output.show(f"{fault.trace}\n{fault}", sys.stderr)
    return status.COULD_NOT_JUDGE if judged.complaints else status.of(v.status for v in judged.verdicts)


def options_of(arguments: list[str]) -> argparse.Namespace:
    """What the arguments say. Raises SystemExit where they can't be read."""
    return _parser().parse_args(arguments)


def function_in(options: argparse.Namespace) -> tuple[Path, str] | None:
    """The file and the function that are to be checked; None for a submission."""
    return None if options.spec else function_of(options.target)


def extent_in(options: argparse.Namespace) -> Extent:
    """How much of a verdict the report shows."""
    from gradcheck.report.extent import SCREEN, WHOLE

    return WHOLE if options.all else replace(SCREEN, option="--all" * (options.format == "text"))


def help_text() -> str:
    """What --help prints."""
    return _parser().format_help()


def _judged(options: argparse.Namespace) -> Judged:
    """What comes of it. A program that reads the report learns there, too, why nothing could be judged."""
    try:
        if (function := function_in(options)) is not None:
            return Judged(verdicts=[function_verdict(*function, options)])
        with unpacked(options.target) as target:
            judged = _submission(target, options)
            return judged if target == options.target else judged.as_packed(Path(target))
    except UsageError:
        raise
    except GradcheckError as error:
        if options.format == "text":
            raise
        return Judged(complaints=[error])


def _submission(target: str, options: argparse.Namespace) -> Judged:
    """A submission that lies at that path, or has that name."""
    if not options.sandbox:
        return own(target, options.spec, options.feedback)
    given = target, specs_at(options.spec), specs_at(options.hidden), options.feedback
    judged = strangers(*given, name=options.name, unsafe=options.unsafe)
    return replace(judged, hidden_visibility=options.hidden_visibility)


def _report(judged: Judged, options: argparse.Namespace, seconds: float) -> None:
    """Write the report, and append to the files of GitHub what its formats have for them."""
    from gradcheck.formats.report_format import Context

    form = reports.FORMATS[options.format]
    context = Context(
        complaints=tuple(map(str, judged.complaints)),
        files=judged.files_of,
        visibility=judged.visibility_of,
        seconds=seconds,
        width=output.width(),
        color=use_color(options.color, sys.stdout) and options.output is None,
        extent=extent_in(options),
    )
    shown = [verdict.shown for verdict in judged.verdicts]
    output.write(form.render(shown, context), options.output)
    for variable, render in form.appended.items():
        output.append(render(shown, context), variable)


def _traces(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """What maintainers need to know of faults of gradcheck itself."""
    for verdict in verdicts:
        if verdict.internal is not None:
            yield f"{verdict.internal.trace}\n{verdict.spec}: {verdict.internal}"


@cache
def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="gradcheck",
        usage=f"\n{usage()}",
        description="Checks gradients derived by hand, weight by weight. "
        "`gradcheck COMMAND --help` explains a command.",
        epilog=status.EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"gradcheck {__version__}")
    parser.add_argument(
        "target", metavar="TARGET", help="FILE.py:FUNCTION, or a submission's file, folder or name"
    )
    parser.add_argument("--spec", action="append", default=[], type=Path, help="a spec, or a folder of specs")
    parser.add_argument("--feedback", **feedback.SETTINGS)
    parser.add_argument("--watch", action="store_true", help="check again at every save, until Ctrl-C")
    function = parser.add_argument_group("one function")
    function.add_argument("--grad", metavar="NAME", help="the function that computes the gradient")
    function.add_argument(
        "--at", metavar="POINT", help="the arguments: 'x=[1., 2.], y=[0, 1], W=randn(2, 3)', or FILE.npz"
    )
    function.add_argument(
        "--wrt", metavar="ARG", help="the arguments to differentiate by (default: all floats)"
    )
    function.add_argument("--jacobian", action="store_true", help="the gradient is the whole Jacobian")
    function.add_argument(
        "--rtol", type=float, metavar="R", help="tolerance relative to the largest entry (1e-7)"
    )
    function.add_argument(
        "--atol", type=float, metavar="A", default=0.0, help="additional absolute tolerance (0)"
    )
    function.add_argument(
        "--seconds", type=float, metavar="S", default=20.0, help="approximate time limit for differences (20)"
    )
    stranger = parser.add_argument_group("somebody else's code")
    stranger.add_argument(
        "--sandbox",
        action="store_true",
        help="run it in the sandbox, as `gradcheck grade` does, with a fresh case",
    )
    sandbox.add_hidden(stranger)
    sandbox.add_visibility(stranger)
    stranger.add_argument(
        "--name", metavar="NAME", help="the student's name (default: the submission's name)"
    )
    sandbox.add_unsafe(stranger)
    group = parser.add_argument_group("output")
    group.add_argument("--all", action="store_true", help="show all the numbers, not only the worst")
    output.add_options(group, *(name for name in reports.FORMATS if name not in ("text", "json")))
    output.add_color(group)
    return parser


def refuse_settings(options: argparse.Namespace) -> None:
    """Refuse options that what is checked has no use for. Raises UsageError."""
    if function_in(options) is None:
        _refuse(options, _OF_FUNCTIONS, "FILE.py:FUNCTION, not with --spec")
    if not options.sandbox:
        _refuse(options, _OF_STRANGERS, "--sandbox")
    elif not options.spec:
        _refuse(options, ("sandbox",), "--spec SPEC")
    if options.format != "gradescope":
        _refuse(options, ("hidden_visibility",), "--format gradescope")


def _refuse(options: argparse.Namespace, names: Sequence[str], where: str) -> None:
    default = _parser().get_default
    given = [name for name in names if getattr(options, name) != default(name)]
    if given:
        verb = "goes" if len(given) == 1 else "go"
        named = " and ".join(f"--{name.replace('_', '-')}" for name in given)
        raise UsageError(f"{named} {verb} with {where}")


def function_verdict(file: Path, function: str, options: argparse.Namespace) -> Verdict:
    """The verdict on FILE.py:FUNCTION. Raises GradcheckError."""
    from gradcheck.function.check import check_file

    return check_file(
        file,
        function,
        grad=options.grad,
        at=options.at,
        wrt=options.wrt,
        jacobian=options.jacobian,
        rtol=options.rtol,
        atol=options.atol,
        seconds=options.seconds,
    )
