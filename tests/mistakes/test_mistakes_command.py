"""`gradcheck mistakes`, and the page that is made from the same data."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from gradcheck.cli import main
from gradcheck.diagnosis.page import page
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.entry import PARTS, by_part, entry
from gradcheck.mistakes.sources import KEYS, address
from gradcheck.specification.shipped import NOTATIONS
from gradcheck.text import columns
from snapshot import Text

ROOT = Path(__file__).parents[2]
Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")


def said(capsys: Output, *arguments: str) -> str:
    """What the command prints, all being well."""
    assert main(["mistakes", *arguments]) == 0
    out, err = capsys.readouterr()
    assert not err
    return out.removesuffix("\n")


@pytest.mark.slow
def test_the_list_has_all(capsys: Output) -> None:
    """Every mistake once, under its part, on lines that fit."""
    text = said(capsys)
    assert max(map(columns, text.splitlines())) <= 80
    listed = re.findall(r"^  ([A-F]\w+) +([a-z0-9-]+)  ", text, re.MULTILINE)
    assert sorted(listed) == sorted((m.id, m.slug) for m in CATALOGUE.values())
    titles = [line for line in text.splitlines() if line in PARTS.values()]
    assert titles == list(by_part(map(entry, CATALOGUE.values())))


@pytest.mark.parametrize(
    ("slug", "notation"),
    [
        ("weights-left-out", "nielsen"),
        ("weights-left-out", "plain"),
        ("updated-weights-used", "adventures"),
        ("stray-constant", "ng"),
    ],
)
def test_one_is_explained(slug: str, notation: str, capsys: Output, snapshot: SnapshotAssertion) -> None:
    """What it is, right and wrong, where, the question and the sightings, as found good."""
    assert said(capsys, slug, "--notation", notation) == snapshot(extension_class=Text)


def test_an_id_will_do(capsys: Output) -> None:
    """Whole, in small letters, or without the letter that tells variants of a mistake apart."""
    assert said(capsys, "C03") == said(capsys, "c03") == said(capsys, "weights-left-out")
    both = said(capsys, "A03")
    assert [slug in both for slug in ("loss-factor-two-extra", "loss-factor-two-missing")] == [True, True]


@pytest.mark.parametrize(
    ("word", "complaint"),
    [
        ("weight-left-out", "there is no mistake weight-left-out; did you mean weights-left-out?"),
        ("Z99", "there is no mistake Z99; `gradcheck mistakes` lists them"),
    ],
)
def test_an_unknown_mistake(word: str, complaint: str, capsys: Output) -> None:
    """Status 2, and the slug that may be meant."""
    assert main(["mistakes", word]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err == f"{complaint}\n"


def test_an_unknown_notation(capsys: Output) -> None:
    """Status 2, and the notations there are."""
    with pytest.raises(SystemExit) as stop:
        main(["mistakes", "--notation", "nielson"])
    assert stop.value.code == 2
    complaint = capsys.readouterr().err.partition("invalid choice: ")[2]
    assert all(name in complaint for name in NOTATIONS)


@pytest.mark.parametrize("notation", NOTATIONS)
def test_as_json(notation: str, capsys: Output) -> None:
    """The same in every notation, for other programs."""
    data = json.loads(said(capsys, "weights-left-out", "--format", "json", "--notation", notation))
    (told,) = data["mistakes"]
    mistake = CATALOGUE["weights-left-out"]
    assert data["notation"] == notation
    assert told["equations"] == [s._asdict() for s in entry(mistake, notation).statements]
    assert (told["id"], told["question"], tuple(told["sightings"])) == (
        mistake.id,
        mistake.hint,
        mistake.seen,
    )


def test_written_to_a_file(tmp_path: Path, capsys: Output) -> None:
    """--output takes what would be printed, and stderr says so."""
    text, file = said(capsys, "C03"), tmp_path / "c03.txt"
    assert main(["mistakes", "C03", "--output", str(file)]) == 0
    assert capsys.readouterr() == ("", f"written: {file}\n")
    assert (tmp_path / "c03.txt").read_text(encoding="utf-8") == text + "\n"


@pytest.mark.slow
def test_the_page_is_up_to_date() -> None:
    """`python -m gradcheck.diagnosis.page > docs/mistakes.md` writes it."""
    assert (ROOT / "docs" / "mistakes.md").read_text(encoding="utf-8") == page()


def test_sightings_can_be_looked_up() -> None:
    """A thread has an address; a name in capitals is explained, and none that nobody uses."""
    seen = {sighting for mistake in CATALOGUE.values() for sighting in mistake.seen}
    names = {name for sighting in seen if (name := sighting.partition(" ")[0]).isupper()}
    assert names == KEYS.keys()
    assert address("karpathy/micrograd#2") == "https://github.com/karpathy/micrograd/issues/2"
    assert address("Stack Overflow 6013429") == "https://stackoverflow.com/q/6013429"
    assert address("PRIMEN") is None
