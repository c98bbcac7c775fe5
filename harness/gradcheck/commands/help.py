"""What `gradcheck --help` prints, as it is kept beside the package's entry.

python -m gradcheck.commands.help > harness/gradcheck/help.txt
"""

from __future__ import annotations

import os

from gradcheck.commands.check import help_text

COLUMNS = 80


def text() -> str:
    """The help on so many columns, without colour."""
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = str(COLUMNS)
    try:
        return help_text()
    finally:
        if before is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before


if __name__ == "__main__":
    print(text(), end="")
