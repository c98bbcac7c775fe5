"""The commands of `gradcheck`: one table, from which they are found, listed and tested."""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """A command that has a name of its own."""

    module: str
    """Its `run` takes the arguments after the name, and returns the exit status."""
    arguments: str
    """As its usage is written."""
    about: str


COMMANDS = {
    "grade": Command(
        "gradcheck.commands.grade", "SUBMISSIONS --spec SPEC --out DIR", "grade a class, into a gradebook"
    ),
    "gradebook": Command("gradcheck.commands.gradebook", "DIR", "show the grades of a class, export them"),
    "export": Command(
        "gradcheck.commands.export",
        "SYSTEM --spec SPEC --out PATH",
        "write an autograder for Gradescope, PrairieLearn or GitHub",
    ),
    "formula": Command(
        "gradcheck.commands.formula", "FILE|-|TEXT --spec SPEC", "check formulas and derivations on paper"
    ),
    "mistakes": Command(
        "gradcheck.commands.mistakes", "[SLUG]", "list the mistakes that have a name, or explain one"
    ),
    "init": Command("gradcheck.commands.init", "[DIR]", "make a course folder, or add an exercise to it"),
    "spec": Command(
        "gradcheck.commands.spec", "check|show|schema [SPEC]", "check or show specs, print their schema"
    ),
}
"""First word -> command; without one of these words, something is checked."""

CHECK = "gradcheck.commands.check"
"""The module of what has no name."""

CHECKS = (
    ("FILE.py:FUNCTION [--grad NAME]", "check one function by differences"),
    ("SUBMISSION --spec SPEC", "check a submission against a spec, or a folder of them"),
)
"""Arguments and purpose of what has no name."""


def usage() -> str:
    """All that `gradcheck` can be asked for, one line each."""
    named = ((f"{name} {command.arguments}", command.about) for name, command in COMMANDS.items())
    lines = [(f"gradcheck {words}", about) for words, about in (*CHECKS, *named)]
    width = max(len(words) for words, _ in lines)
    return "\n".join(f"  {words:{width}}  {about}" for words, about in lines)
