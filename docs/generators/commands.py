"""The page of commands: every one with its arguments and options, from the parsers that read them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from textwrap import dedent
from unittest.mock import patch

from generators.markdown import block, code, escaped, page, table
from gradcheck.cli import main
from gradcheck.commands.arguments import Parser
from gradcheck.commands.table import COMMANDS


class _ParserFound(BaseException):
    """Carries the parser of a command; no Exception, since the command reports those as faults."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        super().__init__(parser.prog)
        self.parser = parser


def commands_page() -> str:
    """The page, as Markdown."""
    sections = [section for name in ("", *COMMANDS) for section in _sections(parser_of(name))]
    return page(
        "# Commands",
        "Every command with its arguments and options, as `gradcheck COMMAND --help` prints them.",
        *sections,
    )


def parser_of(command: str) -> argparse.ArgumentParser:
    """The parser of a command; of `gradcheck` itself for an empty name. LookupError where it has none."""
    with patch.object(Parser, "parse_known_args", _raise_parser):
        try:
            main([command] if command else [])
        except _ParserFound as found:
            return found.parser
    raise LookupError(f"gradcheck {command} reads its arguments without commands.arguments.Parser")


def _raise_parser(parser: Parser, *_: object) -> None:
    raise _ParserFound(parser)


def _sections(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The command, and then those below it, as `gradcheck spec check` is below `gradcheck spec`."""
    yield f"## {parser.prog}"
    yield _sentence(parser.description or "")
    yield block(_usage(parser))
    for group in parser._action_groups:
        rows = [_row(action) for action in group._group_actions if action.help != argparse.SUPPRESS]
        rows = [row for row in rows if row[0] != "`-h`, `--help`"]
        if rows:
            yield f"**{(group.title or '').capitalize()}**"
            yield table(["", "meaning"], rows)
    if parser.epilog:
        yield block(parser.epilog) if "\n" in parser.epilog else _sentence(parser.epilog)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            about = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, below in action.choices.items():
                below.description = below.description or about[name]
                yield from _sections(below)


def _usage(parser: argparse.ArgumentParser) -> str:
    """How the command is called, its lines one below the other."""
    heading = "usage: "
    text = parser.format_usage().replace(heading, " " * len(heading), 1)
    return dedent("\n".join(line for line in text.splitlines() if line.strip()))


def _row(action: argparse.Action) -> tuple[str, str]:
    value = _value(action)
    names = [f"{option} {value}".strip() for option in action.option_strings] or [value]
    return ", ".join(map(code, names)), _help(action)


def _value(action: argparse.Action) -> str:
    """What follows an option, or stands for an argument."""
    if action.nargs == 0:
        return ""
    if isinstance(action.metavar, str):
        name = action.metavar
    elif action.choices is not None and action.option_strings:
        name = "{" + ",".join(map(str, action.choices)) + "}"
    else:
        name = action.dest.upper()
    return {"?": f"[{name}]", "*": f"[{name} …]", "+": f"{name} …"}.get(str(action.nargs), name)


def _help(action: argparse.Action) -> str:
    text = action.help or ""
    return escaped(text % {**vars(action), "prog": "gradcheck"} if "%" in text else text)


def _sentence(text: str) -> str:
    words = " ".join(text.split())
    return words if words.endswith((".", "?")) or not words else f"{words[0].upper()}{words[1:]}."
