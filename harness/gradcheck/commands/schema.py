"""`gradcheck spec schema`: prints the schema of specs, says where it lies, or tells editors of it."""

from __future__ import annotations

import argparse
from pathlib import Path

from gradcheck.commands import output, status
from gradcheck.errors import UsageError

SCHEMA = Path(__file__).parent.parent / "schema.json"


def add_options(parser: argparse.ArgumentParser) -> None:
    """--path and --install."""
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--path", action="store_true", help="print the path of the schema")
    ways.add_argument(
        "--install", action="store_true", help="make editors complete and check the specs of this project"
    )


def run(options: argparse.Namespace) -> int:
    """Do what the options say."""
    if options.install:
        _install()
    elif options.path:
        print(SCHEMA)
    else:
        print(SCHEMA.read_text(encoding="utf-8"), end="")
    return status.ALL_RIGHT


def _install() -> None:
    """Write all that differs, or nothing. Raises UsageError."""
    from gradcheck.project.editors import changes, write
    from gradcheck.project.settings import missing, settings

    project = settings(Path.cwd())
    if project is None or not project.specs:
        raise UsageError(f"no configuration says where the specs are: {missing(Path.cwd())}")
    folders = [folder.resolve() for folder in project.specs if folder.is_dir()]
    if not folders:
        raise UsageError(f"{project.place}: none of these folders exists; create one, or name another")
    root = project.root.resolve()
    specs = [spec for folder in folders for spec in folder.rglob("*.y*ml") if spec.is_file()]
    schema = SCHEMA.read_text(encoding="utf-8")
    new = [change for change in changes(root, folders, sorted(specs), schema) if change.is_new]
    for change in new:
        write(change)
        output.show(f"{change.path}: {change.about}")
    if not new:
        output.show("everything is up to date")
