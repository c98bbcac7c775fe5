"""`gradcheck spec`: say what is wrong with specs, show them, print the schema of their language."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Sized
from pathlib import Path
from typing import TYPE_CHECKING

from gradcheck.commands import output, schema, status, threads
from gradcheck.commands.arguments import Parser
from gradcheck.commands.power import lines
from gradcheck.commands.reference import tried as try_reference
from gradcheck.commands.specs import specs_at
from gradcheck.errors import GradcheckError

if TYPE_CHECKING:
    from gradcheck.checker import Checker
    from gradcheck.specification.records import Spec

DESCRIPTION = "Checks specs, shows them, or prints their JSON Schema."


def run(arguments: list[str]) -> int:
    """Do what the first argument says."""
    parser = Parser(prog="gradcheck spec", description=DESCRIPTION, epilog=status.EPILOG)
    actions = parser.add_subparsers(dest="action", required=True, metavar="check|show|schema")
    for action, help_text in (
        ("check", "list the errors in specs"),
        ("show", "show the network, its quantities and their shapes"),
    ):
        parser_of_action = actions.add_parser(action, help=help_text, epilog=status.EPILOG)
        parser_of_action.add_argument("spec", nargs="+", type=Path, help="a spec, or a folder of them")
        if action == "show":
            _add_forms(parser_of_action)
        else:
            parser_of_action.add_argument(
                "--power",
                action="store_true",
                help="list the mistakes that its cases cannot show or tell apart, and a case that would",
            )
    schema.add_options(
        actions.add_parser("schema", help="print the JSON Schema that editors use, or install it for them")
    )
    options = parser.parse_args(arguments)
    act: dict[str, Callable[[argparse.Namespace], int]] = {
        "check": _check,
        "show": _show,
        "schema": schema.run,
    }
    return act[options.action](options)


def _add_forms(parser: argparse.ArgumentParser) -> None:
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument(
        "--backward", action="store_true", help="show the reverse pass as equations, in the spec's notation"
    )
    forms.add_argument("--as", dest="form", choices=["numpy"], help="print code that passes the spec")
    parser.add_argument("--latex", action="store_true", help="with --backward: as LaTeX")


def _check(options: argparse.Namespace) -> int:
    from gradcheck.checker import Checker
    from gradcheck.specification.read import read

    worst = status.ALL_RIGHT
    with contextlib.ExitStack() as stack:
        checker: Checker | None = None
        for path in specs_at(options.spec):
            try:
                spec = read(path)
                if spec.reference is not None and checker is None:
                    threads.one_each()
                    checker = stack.enter_context(Checker())
                tried = try_reference(spec, path, checker) if checker else ""
            except GradcheckError as error:
                output.show(error)
                worst = status.COULD_NOT_JUDGE
            else:
                output.show(f"{path}: fine; {_summary(spec)}{tried}")
                for line in lines(spec) if options.power else ():
                    output.show(line)
    return worst


def _summary(spec: Spec) -> str:
    """How much is checked, and what `run` expects of a submission's file."""
    from gradcheck.specification.free_names import taken_names

    taken = taken_names(spec.contract.run, spec.contract.names)
    inner = [name for name in taken if name in spec.quantities]
    parts = [
        f"{_count(spec.check, 'quantity', 'quantities')} to check in {_count(spec.cases, 'case', 'cases')}"
    ]
    if taken:
        parts.append(f"run takes {', '.join(taken)} from {spec.contract.file}")
    if inner:
        parts.append(f"to have {', '.join(inner)} given, list it in submission.given")
    return "; ".join(parts)


def _count(items: Sized, one: str, more: str) -> str:
    return f"{len(items)} {one if len(items) == 1 else more}"


def _show(options: argparse.Namespace) -> int:
    from gradcheck.specification.read import read

    if options.latex and not options.backward:
        raise GradcheckError("--latex is for the reverse pass: add --backward")
    print("\n\n".join(_shown(read(path), options) for path in specs_at(options.spec)))
    return status.ALL_RIGHT


def _shown(spec: Spec, options: argparse.Namespace) -> str:
    if options.backward:
        from gradcheck.report.backward import equations

        return equations(spec, latex=options.latex)
    if options.form:
        from gradcheck.report.code import code

        return code(spec)
    from gradcheck.report.outline import render

    return render(spec)
