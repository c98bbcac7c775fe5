"""Where the command `gradcheck` begins: what asks for help is answered before anything else is loaded."""

import sys

HELP = "help.txt"
"""What `gradcheck --help` prints, beside this file, as `python -m gradcheck.commands.help` makes it."""


def command() -> int:
    """Run the command; its exit status."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from gradcheck.commands import streams

        streams.open_closed()
    if sys.argv[1:] in (["--help"], ["-h"]):
        try:
            with open(f"{__file__.removesuffix('entry.py')}{HELP}", encoding="utf-8") as file:  # noqa: PTH123
                sys.stdout.write(file.read())
            sys.stdout.flush()
        except (OSError, UnicodeError):
            pass  # it is said at length below
        else:
            return 0
    from gradcheck.cli import command

    return command()
