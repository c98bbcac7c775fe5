"""A complaint shows its place, and all complaints of a spec are one error."""

import pickle
from collections.abc import Mapping

import pytest

from gradcheck.errors import SpecError
from gradcheck.layers import LAYERS
from gradcheck.layers.activation import OPTIONS
from gradcheck.losses import LOSSES
from gradcheck.specification.choice import ALIASES
from gradcheck.specification.complaint import Complaint, suggestion
from gradcheck.spelling import nearest


def complaint(**given: object) -> Complaint:
    known: dict[str, object] = {"path": "specs/x.yaml", "line": 12, "column": 9, "message": "no such layer"}
    return Complaint(**{**known, **given})  # type: ignore[arg-type]


def test_shows_the_line_with_a_caret_below_the_column() -> None:
    """The caret stands below the character at the column."""
    text = str(complaint(source_line="      - dens: {}", help="did you mean dense?"))
    assert text == (
        "specs/x.yaml:12:9: no such layer\n          - dens: {}\n            ^\nhelp: did you mean dense?"
    )


def test_the_caret_stays_right_after_a_tab() -> None:
    """A tab takes the width of one character, in the line as in the caret's."""
    assert str(complaint(source_line="a\tb: c d e", column=3)).splitlines()[1:] == [
        "    a b: c d e",
        "      ^",
    ]


def test_a_long_line_is_cut_around_the_column() -> None:
    """The caret stands below the same character as in the whole line, and both cuts are marked."""
    line = "x" * 300 + "HERE" + "y" * 300
    _, shown, caret = str(complaint(source_line=line, column=301)).splitlines()
    assert shown[caret.index("^") :].startswith("HERE")
    assert shown.strip().startswith("…x")
    assert shown.endswith("y…")


def test_nothing_reaches_the_terminal_but_text() -> None:
    """Escapes and characters that turn the direction of writing are shown as replaced."""
    text = str(complaint(message="bad \x1b[31m name", source_line="\x1b[2J\u202e: 1", column=1))
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_file_as_a_whole_has_no_line() -> None:
    """Without a line there is the path alone."""
    assert str(complaint(line=None, column=None)) == "specs/x.yaml: no such layer"


def test_an_error_holds_all_complaints_in_the_order_of_the_file() -> None:
    """They are sorted by place, and counted."""
    error = SpecError([complaint(line=3), complaint(line=2, message="first")])
    assert str(error) == ("specs/x.yaml:2:9: first\n\nspecs/x.yaml:3:9: no such layer\n\nFound 2 complaints.")


def test_one_complaint_is_counted_in_the_singular() -> None:
    """Found 1 complaint."""
    assert str(SpecError([complaint()])).endswith("\n\nFound 1 complaint.")


def test_what_is_not_shown_is_said() -> None:
    """A flood is cut, and its size told."""
    text = str(SpecError(complaint(line=n) for n in range(1, 201)))
    assert text.endswith("Found 200 complaints; the first 50 are shown.")
    assert text.count("no such layer") == 50


def test_an_error_crosses_processes() -> None:
    """It is the same after pickling: parallel test runs send it."""
    error = SpecError([complaint()])
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_names_are_suggested_by_likeness() -> None:
    """The nearest of many; all of a few or of unlike ones."""
    many = ["title", "notation", "network", "loss", "check"]
    assert nearest("titel", many) == "title"
    assert suggestion("titel", many) == "did you mean title?"
    assert suggestion("zzz", many) == "there is title, notation, network, loss, check"
    assert suggestion("men", ["mean", "sum"]) == "there is mean, sum"


@pytest.mark.parametrize("table", [OPTIONS, LOSSES, LAYERS], ids=["activations", "losses", "layers"])
def test_an_alias_suggests_the_registered_name(table: Mapping[str, object]) -> None:
    """Each alias is one of one entry, and of the table's own names it is none, however it is written."""
    aliases = [(alias, name) for alias, name in ALIASES if name in table]
    assert aliases
    assert {name for _, name in ALIASES} <= {*OPTIONS, *LOSSES, *LAYERS}
    for alias, name in aliases:
        for written in (alias, alias.upper(), alias.title().replace("_", "").removesuffix("Loss") + "Loss"):
            assert suggestion(written, table, ALIASES) == f"did you mean {name}?"
