"""Whose line is whose: nobody ever gets another's grade."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck.formats.course_files.roster import match
from gradcheck.grading.policy.records import FinalGrade
from gradcheck.grading.records import Person

JANE = Person(name="Doe, Jane", email="Jane@example.edu", login="jdoe", number="A001", canvas_id="4321")
JOHN = Person(name="Roe, John", email="john@example.edu", login="jroe", number="A002", canvas_id="4322")


def grade(name: str, *people: Person) -> FinalGrade:
    """Somebody's grade."""
    return FinalGrade(
        submission=name,
        absent=False,
        specs={},
        graded_points=1.0,
        points=1.0,
        max_points=1.0,
        submitted=None,
        late_days=0,
        penalty=0.0,
        letter="",
        people=people,
        notes=(),
    )


@pytest.mark.parametrize(
    "name",
    ["jdoe", "A001", "a001", "4321", "jane@example.edu", "Jane Doe", "doe, jane", "doejane", "Jane_Doe"],
)
def test_a_files_name(name: str) -> None:
    """Any of what a person is called may be what a file is called."""
    matching = match([JOHN, JANE], [grade(name)])
    assert [one.submission for one in matching.grades.values()] == [name]
    assert list(matching.grades) == [1]
    assert matching.unmatched == matching.ambiguous == ()


@pytest.mark.parametrize(
    ("names", "name", "line"),
    [
        (["Müller, Änne", "Muller, Anne"], "Änne Müller", 0),
        (["Müller, Änne", "Muller, Anne"], "anne muller", 1),
        (["García López, José María"], "jose maria garcia lopez", 0),
        (["García López, José María"], "garcíalópezjosémaría", 0),
        (["O'Brien, Pat"], "obrienpat", 0),
        (["Straße, Eva"], "strasse eva", 0),
        (["Mu\u0308ller, A\u0308nne"], "Änne Müller", 0),
        (["王, 小明"], "王 小明", 0),
    ],
)
def test_names(names: list[str], name: str, line: int) -> None:
    """In any order and case, run together or with marks left out; as written where that is somebody's."""
    assert list(match([Person(name=one) for one in names], [grade(name)]).grades) == [line]


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (["Doe, Jane", "Doe, Jane"], "Jane Doe"),
        (["Müller, Änne", "Möller, Anne"], "Muller Anna"),
        (["Müller, Änne", "Muller, Änne"], "Mûller Änne"),
        (["Ann, Marie", "Annmarie"], "annmarie"),
        (["कि"], "का"),
    ],
)
def test_nobody_is_guessed(names: list[str], name: str) -> None:
    """Where two could be meant, or nobody's name is quite that, no grade is written."""
    assert match([Person(name=one) for one in names], [grade(name)]).grades == {}


def test_two_submissions_of_one_line() -> None:
    """Neither gets it, and both are named."""
    matching = match([JANE], [grade("jdoe"), grade("Jane Doe")])
    assert matching.grades == {}
    assert matching.ambiguous == ("Doe, Jane fits jdoe; Jane Doe",)
    assert "0 of 1 lines of x.csv have a grade from here" in matching.remarks("x.csv")


def test_a_number_decides_over_a_name() -> None:
    """Somebody else of the same name, by another number, is not meant."""
    other = Person(name="Jane Doe", canvas_id="9999")
    matching = match([JANE], [grade("doejane", other)])
    assert matching.grades == {}
    assert matching.unmatched == ("doejane",)
    assert matching.empty == ("Doe, Jane",)


def test_numbers_of_different_systems_are_not_compared() -> None:
    """Moodle's participant 4321 is not Canvas's user 4321."""
    assert match([JANE], [grade("x", Person(name="Someone Else", participant="4321"))]).grades == {}


def test_numbers_that_contradict_each_other() -> None:
    """Jane's number with John's e-mail is nobody's."""
    both = Person(canvas_id="4321", email="john@example.edu")
    matching = match([JANE, JOHN], [grade("x", both)])
    assert matching.grades == {}
    assert matching.ambiguous == ("x fits Doe, Jane; Roe, John",)


def test_a_group() -> None:
    """Everybody in it has the grade."""
    matching = match([JOHN, JANE], [grade("group", JANE, JOHN, Person(name="Nobody"))])
    assert set(matching.grades) == {0, 1}
    assert matching.unmatched == ("Nobody of group",)


WORDS = st.sampled_from(["jane", "Doe", "Müller", "muller", "ann", "Marie", "annmarie", "A1", "4321", ""])
PEOPLE = st.builds(
    Person,
    name=st.lists(WORDS, max_size=3).map(" ".join),
    email=WORDS,
    login=WORDS,
    number=WORDS,
    canvas_id=WORDS,
)


@given(st.lists(PEOPLE, max_size=5), st.lists(st.tuples(WORDS, PEOPLE | st.none()), max_size=5))
def test_nobody_gets_anothers(lines: list[Person], handed_in: list[tuple[str, Person | None]]) -> None:
    """A grade stands in the one line that fits its person, and every submission is accounted for."""
    grades = [grade(name, *([person] if person else [])) for name, person in handed_in]
    matching = match(lines, grades)
    for number, one in matching.grades.items():
        alone = match(lines, [one])
        assert list(alone.grades) == [number]
    assert len({id(one) for one in matching.grades.values()}) == len(matching.grades)
    assert len(matching.grades) + len(matching.empty) <= len(lines)
