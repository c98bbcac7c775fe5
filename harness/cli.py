"""The command `gradcheck`: reads arguments, calls the harness, prints."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import GradcheckError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.verdict.records import Verdict

ALL_RIGHT, SOMETHING_WRONG, COULD_NOT_JUDGE = 0, 1, 2

_USAGE = """\
  gradcheck FILE.py:FUNCTION [--grad NAME]    check one function by differences
  gradcheck SUBMISSION --spec SPEC            check a submission against a spec, or a folder of them
  gradcheck spec check|show|schema [SPEC]     work on a spec"""

_EPILOG = "exit status: 0 all right, 1 something wrong, 2 could not judge"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit status. Raises SystemExit where the arguments can't be read."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        status = _spec(arguments[1:]) if arguments[:1] == ["spec"] else _check(arguments)
        sys.stdout.flush()
    except GradcheckError as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:
        # The reader has left: what is still in the buffer must not complain at the interpreter's end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
    except Exception:
        import traceback

        traceback.print_exc()
        print("this is a fault of gradcheck itself; it says nothing about the submission", file=sys.stderr)
    else:
        return status
    return COULD_NOT_JUDGE


def _check(arguments: list[str]) -> int:
    options = _check_parser().parse_args(arguments)
    if options.spec:
        verdicts, complaints = _against_specs(options)
    else:
        verdicts, complaints = [_function(options)], []
    if verdicts or options.format == "json":
        _print(_rendered(verdicts, options), options.output)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return COULD_NOT_JUDGE if complaints else _status(verdicts)


def _check_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gradcheck",
        usage=f"\n{_USAGE}",
        description="Checks gradients derived by hand, weight by weight.",
        epilog=_EPILOG,
        allow_abbrev=False,
    )
    parser.add_argument(
        "target", metavar="TARGET", help="FILE.py:FUNCTION, or a submission's file, folder or name"
    )
    parser.add_argument("--spec", action="append", default=[], type=Path, help="a spec, or a folder of specs")
    function = parser.add_argument_group("one function")
    function.add_argument("--grad", metavar="NAME", help="the function that gives the gradient")
    function.add_argument("--at", metavar="POINT", help="where: 'x=[1, 2], W=randn(2, 3)', or FILE.npz")
    function.add_argument("--wrt", metavar="ARG", help="the argument to differentiate by (default: all)")
    function.add_argument("--jacobian", action="store_true", help="the gradient is the whole Jacobian")
    output = parser.add_argument_group("output")
    output.add_argument("--format", choices=("text", "json"), default="text")
    output.add_argument("--output", type=Path, metavar="FILE", help="write there, not to the terminal")
    output.add_argument("--color", choices=("auto", "always", "never"), default="auto")
    return parser


def _against_specs(options: argparse.Namespace) -> tuple[list[Verdict], list[GradcheckError]]:
    """A verdict a spec; a spec that can't be used costs only itself."""
    if options.grad or options.at or options.wrt or options.jacobian:
        raise UsageError("--grad, --at, --wrt and --jacobian go with FILE.py:FUNCTION, not with --spec")
    # The truth is small matrices; a pool of threads for them costs more than it gives.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from harness.checker import Checker

    verdicts, complaints = [], []
    with Checker() as checker:
        from harness.submission.find import find  # while the process for submissions starts

        submission = find(Path("submissions"), options.target)
        for spec in _specs(options.spec):
            try:
                verdicts.append(checker.check(submission, spec))
            except GradcheckError as error:
                complaints.append(error)
    return verdicts, complaints


def _specs(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*.y*ml")) if path.is_dir() else [path]
        if not inside:
            raise UsageError(f"{path}: no spec (.yaml) in this folder")
        found += inside
    return found


def _function(options: argparse.Namespace) -> Verdict:
    file, colon, function = options.target.rpartition(":")
    if not colon or not file.endswith(".py"):
        raise UsageError(
            f"{options.target}: say which spec with --spec SPEC, or which function with FILE.py:FUNCTION"
        )
    from harness.function.check import check_file

    return check_file(
        Path(file),
        function,
        grad=options.grad,
        at=options.at,
        wrt=options.wrt,
        jacobian=options.jacobian,
    )


def _rendered(verdicts: Sequence[Verdict], options: argparse.Namespace) -> str:
    if options.format == "json":
        from harness.report.data import dumps

        return dumps(verdicts)
    from harness.report.color import use_color
    from harness.report.terminal import render

    color = use_color(options.color, sys.stdout) and options.output is None
    return "\n\n".join(render(verdict, color=color, width=_width()) for verdict in verdicts)


def _width() -> int:
    import shutil

    return max(60, min(shutil.get_terminal_size().columns, 120))


def _print(text: str, output: Path | None) -> None:
    if output is None:
        print(text)
        return
    try:
        output.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{output}: {error.strerror}; choose another place for --output") from None


def _status(verdicts: Sequence[Verdict]) -> int:
    said = {verdict.status for verdict in verdicts}
    if said & {"wrong", "error"}:
        return SOMETHING_WRONG
    return COULD_NOT_JUDGE if "cannot tell" in said else ALL_RIGHT


def _spec(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="gradcheck spec", epilog=_EPILOG, allow_abbrev=False)
    actions = parser.add_subparsers(dest="action", required=True, metavar="check|show|schema")
    for action, help_text in (
        ("check", "say what is wrong with specs"),
        ("show", "show the network, its quantities and their shapes in the notation"),
    ):
        actions.add_parser(action, help=help_text).add_argument("spec", nargs="+", type=Path)
    actions.add_parser("schema", help="print the JSON Schema that editors use")
    options = parser.parse_args(arguments)
    act: dict[str, Callable[[argparse.Namespace], int]] = {
        "check": _spec_check,
        "show": _spec_show,
        "schema": _spec_schema,
    }
    return act[options.action](options)


def _spec_check(options: argparse.Namespace) -> int:
    from harness.spec.read import read

    status = ALL_RIGHT
    for path in _specs(options.spec):
        try:
            spec = read(path)
        except GradcheckError as error:
            print(error)
            status = COULD_NOT_JUDGE
        else:
            print(f"{path}: fine; {len(spec.check)} quantities to check in {len(spec.cases)} cases")
    return status


def _spec_show(options: argparse.Namespace) -> int:
    from harness.report.outline import render
    from harness.spec.read import read

    print("\n\n".join(render(read(path)) for path in _specs(options.spec)))
    return ALL_RIGHT


def _spec_schema(options: argparse.Namespace) -> int:
    print((Path(__file__).parent / "spec" / "schema.json").read_text(encoding="utf-8"), end="")
    return ALL_RIGHT
