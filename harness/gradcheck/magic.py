"""`%load_ext gradcheck`: cells of formulas in notebooks."""

from __future__ import annotations

import argparse
import shlex
import sys
from typing import Any, NoReturn

from gradcheck.api import Formulas, formula
from gradcheck.commands import output
from gradcheck.errors import GradcheckError, UsageError


def load_ipython_extension(shell: Any) -> None:
    """Give IPython `%gradcheck FORMULA`, and `%%gradcheck` above a cell of formulas."""
    shell.register_magic_function(check, magic_kind="line_cell", magic_name="gradcheck")


def check(line: str, cell: str | None = None) -> Formulas | None:
    """What is said of a line, or of a cell below `%%gradcheck [--shapes 'W: 3x2'] [--where 'θ = tanh'] …`.

    The options are those of `gradcheck formula`. What can't be tried is said on the error stream.
    """
    try:
        return formula(line) if cell is None else formula(cell, **_options(line))
    except GradcheckError as error:
        output.show(error, sys.stderr)
        return None


def _options(line: str) -> dict[str, Any]:
    parser = _Parser(prog="%%gradcheck", add_help=False, allow_abbrev=False)
    parser.add_argument("--spec")
    for name in ("--of", "--wrt", "--shapes", "--where"):
        parser.add_argument(name, default="")
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(f"%%gradcheck: {error}: {line.strip()}") from None
    return vars(parser.parse_args(words))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """A notebook goes on."""
        options = "--spec SPEC, --of EXPRESSION --wrt NAME, --shapes 'W: 3x2', --where 'θ = tanh'"
        raise UsageError(f"{self.prog}: {message}; there are {options}; formulas stand below")
