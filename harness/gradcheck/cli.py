"""The command `gradcheck`: finds the command that is meant, and makes an exit status of what comes of it."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from gradcheck.commands import output
from gradcheck.commands.status import COULD_NOT_JUDGE
from gradcheck.errors import GradcheckError

Command = Callable[[list[str]], int]

_COMMANDS = {
    "spec": "gradcheck.commands.spec",
    "grade": "gradcheck.commands.grade",
    "gradebook": "gradcheck.commands.gradebook",
    "mistakes": "gradcheck.commands.mistakes",
    "formula": "gradcheck.commands.formula",
}
"""First word -> module; without one of these words, something is checked."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit status. Raises SystemExit where the arguments can't be read."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except GradcheckError as error:
        output.show(error, sys.stderr)
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


def _run(arguments: list[str]) -> int:
    name, rest = "check", arguments
    if arguments and arguments[0] in _COMMANDS:
        name, rest = arguments[0], arguments[1:]
    module = import_module(_COMMANDS.get(name, "gradcheck.commands.check"))
    run: Command = module.run
    return run(rest)
