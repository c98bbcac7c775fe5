"""`gradcheck spec`: say what is wrong with specs, show them, print the schema of their language."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from gradcheck.commands import places, status
from gradcheck.commands.arguments import Parser
from gradcheck.errors import GradcheckError

DESCRIPTION = "Works on specs: says what is wrong with them, shows them, prints the schema of their language."

SCHEMA = Path(__file__).parent.parent / "schema.json"


def run(arguments: list[str]) -> int:
    """Do what the first argument says."""
    parser = Parser(prog="gradcheck spec", description=DESCRIPTION, epilog=status.EPILOG)
    actions = parser.add_subparsers(dest="action", required=True, metavar="check|show|schema")
    for action, help_text in (
        ("check", "say what is wrong with specs"),
        ("show", "show the network, its quantities and their shapes in the notation"),
    ):
        parser_of_action = actions.add_parser(action, help=help_text, epilog=status.EPILOG)
        parser_of_action.add_argument("spec", nargs="+", type=Path, help="a spec, or a folder of them")
    actions.add_parser("schema", help="print the JSON Schema that editors use")
    options = parser.parse_args(arguments)
    act: dict[str, Callable[[argparse.Namespace], int]] = {
        "check": _check,
        "show": _show,
        "schema": _schema,
    }
    return act[options.action](options)


def _check(options: argparse.Namespace) -> int:
    from gradcheck.spec.read import read

    found = status.ALL_RIGHT
    for path in places.specs(options.spec):
        try:
            spec = read(path)
        except GradcheckError as error:
            print(error)
            found = status.COULD_NOT_JUDGE
        else:
            print(f"{path}: fine; {len(spec.check)} quantities to check in {len(spec.cases)} cases")
    return found


def _show(options: argparse.Namespace) -> int:
    from gradcheck.report.outline import render
    from gradcheck.spec.read import read

    print("\n\n".join(render(read(path)) for path in places.specs(options.spec)))
    return status.ALL_RIGHT


def _schema(options: argparse.Namespace) -> int:
    print(SCHEMA.read_text(encoding="utf-8"), end="")
    return status.ALL_RIGHT
