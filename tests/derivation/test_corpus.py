"""Formulas as people write them: they are read, and what is said of each of them is true."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from formula_corpus import KINDS, ROOT, UNREAD, Entry, checked, entries

from gradcheck.derivation.records import Derivation, Judged, Standing
from gradcheck.formulas.dialect import read as read_text
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.specification.read import read

CORPUS = list(entries())
WRONG = [entry for entry in CORPUS if entry.kind == Standing.WRONG]
ONE_LINE = re.compile(r"(?!.*quad)(\$*)([^$\n&]+) = ([^$\n&,]+?)\1")
SHORT = [entry for entry in CORPUS if entry.kind == Standing.RIGHT and ONE_LINE.fullmatch(entry.text)]


@pytest.mark.slow
@pytest.mark.parametrize("entry", CORPUS, ids=str)
def test_the_standing_is_true(entry: Entry) -> None:
    """What is right is called right, what is wrong wrong, and what nobody can know or read is neither."""
    assert _kind(checked(entry)) == entry.kind, entry.text


@pytest.mark.slow
@pytest.mark.parametrize("entry", WRONG, ids=str)
def test_the_first_step_that_breaks_is_found(entry: Entry) -> None:
    """Of a wrong derivation, the step that is named is the one where it goes wrong."""
    claim = _first_wrong(checked(entry))
    steps = [step.standing for step in claim.steps]
    assert steps.index(Standing.WRONG) == entry.step, entry.text
    assert entry.line in (None, claim.line), entry.text


@pytest.mark.slow
@pytest.mark.parametrize("entry", WRONG, ids=str)
def test_the_mistake_is_named_where_it_is_known(entry: Entry) -> None:
    """The catalogue's name of a mistake is given, and none where the catalogue has none."""
    assert _first_wrong(checked(entry)).slugs == ((entry.mistake,) if entry.mistake else ()), entry.text


@pytest.mark.slow
@pytest.mark.parametrize("entry", SHORT, ids=str)
def test_right_formulas_are_right_for_their_numbers(entry: Entry) -> None:
    """A right formula is wrong with its last side a hundredth larger: nothing is right for want of a test."""
    found = ONE_LINE.fullmatch(entry.text)
    assert found is not None
    around, before, last = found.groups()
    larger = f"{around}{before} = 1.01 * ({last}){around}"
    assert _kind(checked(replace(entry, text=larger))) == Standing.WRONG, larger


def test_named_mistakes_are_those_of_the_catalogue() -> None:
    """Every slug in the corpus is one that `gradcheck mistakes` explains."""
    assert {entry.mistake for entry in CORPUS} - {""} <= CATALOGUE.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_of_each_kind_stands_as_it_should(kind: str) -> None:
    """What the whole corpus shows, in a moment."""
    first = next(entry for entry in CORPUS if entry.kind == kind)
    assert _kind(checked(first)) == kind, first.text


def test_the_corpus_covers_all_dialects() -> None:
    """Plain text, LaTeX and Markdown."""
    assert {read_text(entry.text).dialect for entry in CORPUS} == {"plain", "latex", "markdown"}


def test_the_corpus_covers_all_that_people_write() -> None:
    """There are enough formulas, of every kind, in every dialect and every notation."""
    assert len(CORPUS) >= 170
    assert {entry.kind for entry in CORPUS} == set(KINDS)
    notations = {read(ROOT / spec).notation.name for spec in {entry.spec for entry in CORPUS}}
    assert notations == {"plain", "nielsen", "adventures", "lfd", "ng", "cs231n"}


def test_no_formula_stands_twice() -> None:
    """Every entry of the corpus is another one."""
    texts = [(entry.spec, entry.text) for entry in CORPUS]
    assert len(set(texts)) == len(texts)


def _kind(derivation: Derivation) -> str:
    return UNREAD if derivation.unread else derivation.standing.value


def _first_wrong(derivation: Derivation) -> Judged:
    return next(claim for claim in derivation.claims if claim.standing is Standing.WRONG)
