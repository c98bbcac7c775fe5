"""`gradcheck TARGET`: a submission against specs, or one function by differences."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from gradcheck import __version__
from gradcheck.commands import feedback, output, status, threads
from gradcheck.commands.arguments import Parser
from gradcheck.commands.specs import specs_at
from gradcheck.commands.table import usage
from gradcheck.errors import GradcheckError, UsageError
from gradcheck.report.color import use_color
from gradcheck.text import muted

if TYPE_CHECKING:
    from gradcheck.checker import Checker
    from gradcheck.verdict.records import Verdict

_OF_FUNCTIONS = ("grad", "at", "wrt", "jacobian", "rtol", "atol", "seconds")
"""The options that a spec has no use for."""


def run(arguments: list[str]) -> int:
    """Check, and print the report."""
    options = _parser().parse_args(arguments)
    checker, complaints = None, list[GradcheckError]()
    if options.spec:
        checker, verdicts, complaints = _against_specs(options)
    else:
        verdicts = [_function(options)]
    if verdicts or options.format == "json":
        output.write(_rendered(verdicts, options), options.output)
    for complaint in (*complaints, *_traces(verdicts)):
        output.show(complaint, sys.stderr)
    if checker is not None:
        sys.stdout.flush()  # nobody waits for what the next run finds
        for fault in checker.keep_predictions(verdicts):
            output.show(f"{fault.trace}\n{fault}", sys.stderr)
    return status.COULD_NOT_JUDGE if complaints else status.of(v.status for v in verdicts)


def _traces(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """What maintainers need to know of faults of gradcheck itself."""
    for verdict in verdicts:
        if verdict.internal is not None:
            yield f"{verdict.internal.trace}\n{verdict.spec}: {verdict.internal}"


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="gradcheck",
        usage=f"\n{usage()}",
        description="Checks gradients derived by hand, weight by weight. "
        "`gradcheck COMMAND --help` says what a command takes.",
        epilog=status.EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"gradcheck {__version__}")
    parser.add_argument(
        "target", metavar="TARGET", help="FILE.py:FUNCTION, or a submission's file, folder or name"
    )
    parser.add_argument("--spec", action="append", default=[], type=Path, help="a spec, or a folder of specs")
    parser.add_argument("--feedback", **feedback.SETTINGS)
    function = parser.add_argument_group("one function")
    function.add_argument("--grad", metavar="NAME", help="the function that gives the gradient")
    function.add_argument(
        "--at", metavar="POINT", help="where: 'x=[1., 2.], y=[0, 1], W=randn(2, 3)', or FILE.npz"
    )
    function.add_argument(
        "--wrt", metavar="ARG", help="the arguments to differentiate by (default: all floats)"
    )
    function.add_argument("--jacobian", action="store_true", help="the gradient is the whole Jacobian")
    function.add_argument(
        "--rtol", type=float, metavar="R", help="what is allowed, relative to the largest entry (1e-7)"
    )
    function.add_argument(
        "--atol", type=float, metavar="A", default=0.0, help="what is allowed beyond that (0)"
    )
    function.add_argument(
        "--seconds", type=float, metavar="S", default=20.0, help="how long differences may take, about (20)"
    )
    group = parser.add_argument_group("output")
    group.add_argument("--all", action="store_true", help="show all the numbers, not only the worst")
    output.add_options(group)
    output.add_color(group)
    return parser


def _against_specs(options: argparse.Namespace) -> tuple[Checker, list[Verdict], list[GradcheckError]]:
    """A verdict a spec, and who gave it; a spec that can't be used costs only itself."""
    _refuse_settings_of_functions(options)
    threads.one_each()
    from gradcheck.submission.runner import Runner

    verdicts, complaints = [], []
    with Runner() as runner:
        # While the process for submissions loads NumPy, so does this one.
        from gradcheck.checker import Checker
        from gradcheck.submission.find import find

        ahead = Thread(target=_load_ahead)
        ahead.start()
        checker = Checker(runner, feedback=options.feedback)
        submission = find(Path("submissions"), options.target)
        for spec in specs_at(options.spec):
            try:
                verdicts.append(checker.check(submission, spec))
            except GradcheckError as error:
                complaints.append(error)
        ahead.join()
    return checker, verdicts, complaints


def _load_ahead() -> None:
    """Load what a report and a diagnosis need, while the process for submissions is at work."""
    for module in ("gradcheck.report.terminal", "gradcheck.diagnosis.verdict"):
        import_module(module)


def _refuse_settings_of_functions(options: argparse.Namespace) -> None:
    default = _parser().get_default
    given = [name for name in _OF_FUNCTIONS if getattr(options, name) != default(name)]
    if given:
        verb = "goes" if len(given) == 1 else "go"
        names = " and ".join(f"--{name}" for name in given)
        raise UsageError(f"{names} {verb} with FILE.py:FUNCTION, not with --spec")


def _function(options: argparse.Namespace) -> Verdict:
    file, colon, function = options.target.rpartition(":")
    if not colon or not file.endswith((".py", ".ipynb")):
        from gradcheck.submission.find import find

        find(Path("submissions"), file if colon else options.target)
        raise UsageError(
            f"{options.target}: say which spec with --spec SPEC, or which function with FILE.py:FUNCTION"
        )
    from gradcheck.function.check import check_file

    return check_file(
        Path(file),
        function,
        grad=options.grad,
        at=options.at,
        wrt=options.wrt,
        jacobian=options.jacobian,
        rtol=options.rtol,
        atol=options.atol,
        seconds=options.seconds,
    )


def _rendered(verdicts: Sequence[Verdict], options: argparse.Namespace) -> str:
    if options.format == "json":
        from gradcheck.report.data import dumps

        return dumps(verdicts)
    from gradcheck.report.extent import SCREEN, WHOLE
    from gradcheck.report.terminal import render

    color = use_color(options.color, sys.stdout) and options.output is None
    extent = WHOLE if options.all else replace(SCREEN, option="--all")
    texts = (render(verdict, color=color, width=output.width(), extent=extent) for verdict in verdicts)
    return muted("\n\n".join(texts))
