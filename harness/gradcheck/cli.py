"""The command `gradcheck`: finds the command that is meant, and makes an exit status of what comes of it."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Callable, Sequence
from glob import glob
from importlib import import_module

from gradcheck import shortage
from gradcheck.commands import interruption, output, streams
from gradcheck.commands.status import COULD_NOT_JUDGE
from gradcheck.commands.table import CHECK, COMMANDS
from gradcheck.errors import GradcheckError, UsageError
from gradcheck.spelling import nearest

Command = Callable[[list[str]], int]
NEW_OBJECTS = 300_000
"""How many objects are made between two searches for garbage: imports make many, and all of them stay."""


def command() -> int:
    """`main` in a process of its own, which is left without a last search for garbage."""
    gc.set_threshold(NEW_OBJECTS)
    # Processes that are started take no module from the current folder, where submissions may lie.
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        status = main()
    except OSError:  # not even the error can be printed
        status = COULD_NOT_JUDGE
    gc.freeze()
    return status


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; its exit status. Raises SystemExit where the arguments can't be read."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        _check_folder()
        with interruption.by_signals():
            status = _run(arguments)
            sys.stdout.flush()
    except GradcheckError as error:
        output.show(error, sys.stderr)
    except BrokenPipeError:
        streams.abandon_output()  # the reader has left
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
    except Exception as error:
        _explain(error)
    else:
        return status
    return COULD_NOT_JUDGE


def _check_folder() -> None:
    """Raises UsageError where the current folder is gone, which much depends on."""
    try:
        os.getcwd()  # noqa: PTH109 (Path costs a start-up)
    except OSError as error:
        raise UsageError(f"the current folder: {error.strerror}; change to another") from None


def _explain(error: Exception) -> None:
    """Print an unexpected error: what the machine is short of, or a fault of gradcheck."""
    if reason := shortage.explained(error):
        output.show(reason, sys.stderr)
        streams.abandon_output()
        return
    sys.excepthook(type(error), error, error.__traceback__)
    print("this is a fault of gradcheck itself; it says nothing about the submission", file=sys.stderr)


def _run(arguments: list[str]) -> int:
    word = arguments[0] if arguments else ""
    if word in COMMANDS:
        module, rest = COMMANDS[word].module, arguments[1:]
    elif meant := _misspelt(word):
        raise UsageError(f"there is no command {word}, and nothing is called so here; did you mean {meant}?")
    else:
        module, rest = CHECK, arguments
    run: Command = import_module(module).run
    return run(rest)


def _misspelt(word: str) -> str | None:
    """The command that a first word may have meant, where it is nothing that could be checked."""
    if not word.isalpha() or os.path.exists(word) or glob(f"{word}.*") or glob(f"submissions/{word}*"):  # noqa: PTH110, PTH207
        return None
    return nearest(word, COMMANDS)
