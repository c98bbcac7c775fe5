"""Formulas as a submission: they are judged as code is, and diagnosed with the same words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gradcheck.checker import Checker
from gradcheck.submission.find import Submission, at, submissions
from gradcheck.submission.wanted import Wanted
from gradcheck.verdict.records import Status, Verdict

ROOT = Path(__file__).parent.parent.parent
SPEC = ROOT / "specs" / "two_layer.yaml"
RIGHT = r"""
\delta^3 = (a^3 - y) \odot \sigma'(z^3) \\
\delta^2 = (W^3)^T \delta^3 \odot \sigma'(z^2) \\
dW3 = \delta^3 (a^2)^T, \quad dW2 = \delta^2 x^T, \quad db2 = \delta^2
"""


@pytest.fixture(scope="module")
def checker() -> Iterator[Checker]:
    """One for all."""
    with Checker() as checker:
        yield checker


def verdict(checker: Checker, folder: Path, text: str, spec: Path = SPEC, name: str = "anna.tex") -> Verdict:
    """The verdict on a file of formulas."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return checker.check(at(path), spec)


def statuses(found: Verdict) -> dict[str, Status]:
    return {q.name: q.status for q in found.quantities}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["anna.tex", "anna.md", "anna.txt"])
def test_right_formulas_earn_all_points(checker: Checker, tmp_path: Path, name: str) -> None:
    """Whatever the file's ending: BP1 to BP4 hold in every case, for one example and for many."""
    text = f"$${RIGHT}$$" if name.endswith(".md") else RIGHT
    found = verdict(checker, tmp_path, text, name=name)
    assert found.points == found.max_points
    assert found.diagnosis is None
    assert {q.name: q.status for q in found.accepted} == {"dz2": "right", "dz1": "right"}


@pytest.mark.parametrize(
    ("old", "new", "slug"),
    [
        (r"(W^3)^T \delta^3 \odot", r"(W^3)^T \delta^3 + 0 *", "hidden-slope-omitted"),
        (r"(a^3 - y) \odot \sigma'(z^3)", r"a^3 - y", "output-slope-omitted"),
        (r"\sigma'(z^2)", r"\sigma'(a^2)", "slope-at-activation"),
        (r"(a^3 - y)", r"(y - a^3)", "output-sign-flipped"),
    ],
)
def test_wrong_formulas_are_diagnosed_as_code_is(
    checker: Checker, tmp_path: Path, old: str, new: str, slug: str
) -> None:
    """The mistake is named, in the words of the catalogue."""
    assert old in RIGHT
    found = verdict(checker, tmp_path, RIGHT.replace(old, new))
    assert found.status is Status.WRONG
    assert found.diagnosis is not None
    assert slug in found.diagnosis.slugs


def test_a_mistake_goes_its_way_through_the_formulas(checker: Checker, tmp_path: Path) -> None:
    """What is made from a wrong delta is wrong, and follows from it."""
    found = verdict(checker, tmp_path, RIGHT.replace(r"(W^3)^T \delta^3", r"\sum_k \delta^3_k"))
    assert statuses(found) == {"dW2": "right", "dW1": "wrong", "db1": "wrong"}
    assert all(q.follows == "δ²" for q in found.quantities if q.status is Status.WRONG)


def test_entries_with_free_letters_fill_the_whole(checker: Checker, tmp_path: Path) -> None:
    """One formula for every weight is as good as one for the matrix."""
    text = r"""
    \delta^3_j = (a^3_j - y_j) \sigma'(z^3_j) \\
    \delta^2_j = \sum_k w^3_{kj} \delta^3_k \sigma'(z^2_j) \\
    \frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j \\
    \frac{\partial C}{\partial b^2_j} = \delta^2_j
    """
    assert verdict(checker, tmp_path, text).points == 8


def test_what_is_not_given_is_said_so(checker: Checker, tmp_path: Path) -> None:
    """A gradient that no formula gives, some entries that are missing, a delta that is used and not given."""
    found = verdict(checker, tmp_path, r"dW3 = \delta^3 (a^2)^T, \quad \frac{\partial C}{\partial b^2_1} = 0")
    said = {q.name: q.message for q in found.quantities}
    assert "a gradient that is not given before" in said["dW2"]
    assert "not given by the formulas" in said["dW1"]
    assert "2 of 3 entries not given" in said["db1"]
    assert set(statuses(found).values()) == {Status.ERROR}


def test_what_cannot_be_read_is_shown(checker: Checker, tmp_path: Path) -> None:
    """The rest counts all the same."""
    found = verdict(checker, tmp_path, RIGHT + r"\\ \frac{1}{")
    assert found.points == 8
    assert "^" in found.output


def test_a_text_that_speaks_of_m_speaks_of_the_batch(checker: Checker, tmp_path: Path) -> None:
    """dZ without 1/m and dW = 1/m dZ Aᵀ, as one course writes it."""
    spec = tmp_path / "course.yaml"
    spec.write_text(
        "title: A course's own equations\n"
        "notation: ng\n"
        "network:\n"
        "  inputs: 3\n"
        "  layers:\n"
        "    - dense: {units: 4, activation: tanh}\n"
        "    - dense: {units: 1, activation: sigmoid}\n"
        "loss: binary_cross_entropy\n"
        "submission: {formula: true}\n"
        "check: [dW2, db2, dW1, db1]\n"
        "cases:\n"
        "  - {batch: 5}\n"
        "  - {batch: 7}\n",
        encoding="utf-8",
    )
    text = """
    dZ2 = A2 - Y
    dW2 = 1/m * dZ2 @ A1.T
    db2 = 1/m * sum(dZ2, axis=1, keepdims=True)
    dZ1 = W2.T @ dZ2 * (1 - A1**2)
    dW1 = 1/m * dZ1 @ X.T
    db1 = 1/m * sum(dZ1, axis=1, keepdims=True)
    """
    found = verdict(checker, tmp_path, text, spec, "course.txt")
    assert statuses(found) == dict.fromkeys(["dW2", "db2", "dW1", "db1"], Status.RIGHT)


def test_a_spec_that_takes_no_formulas_says_so(checker: Checker, tmp_path: Path) -> None:
    """It is an error of the submission, not of the spec."""
    found = verdict(checker, tmp_path, RIGHT, ROOT / "specs" / "chain_function.yaml")
    assert found.failure is not None
    assert "takes code, not formulas" in found.failure.message


def test_code_comes_before_formulas(tmp_path: Path) -> None:
    """A folder that holds both is asked for its code."""
    (tmp_path / "two_layer.tex").write_text(RIGHT)
    folder = Submission("anna", tmp_path)
    assert folder.paper(Wanted("two_layer.py")) == tmp_path / "two_layer.tex"
    (tmp_path / "two_layer.py").write_text("")
    assert folder.paper(Wanted("two_layer.py")) is None


def test_which_files_are_submissions(tmp_path: Path) -> None:
    """Python files, and where they are taken files of formulas; a README is none."""
    for name in ("anna.py", "bo.tex", "cleo.md", "dan.txt", "README.md", "notes.pdf"):
        (tmp_path / name).write_text("")
    assert [one.name for one in submissions(tmp_path)] == ["anna"]
    assert [one.name for one in submissions(tmp_path, formula=True)] == ["anna", "bo", "cleo", "dan"]
    assert not Submission("bo", tmp_path / "bo.tex").answers(Wanted("two_layer.py", formula=False))
    assert Submission("bo", tmp_path / "bo.tex").answers(Wanted("two_layer.py", formula=True))


@pytest.mark.slow
def test_a_text_takes_no_longer_than_code_may(checker: Checker, tmp_path: Path) -> None:
    """However much there is to work out: what is not reached has no value."""
    spec = tmp_path / "impatient.yaml"
    text = SPEC.read_text(encoding="utf-8")
    spec.write_text(text.replace("  formula: true", "  seconds: 0.1\n  formula: true"), encoding="utf-8")
    term = r"\sum_p w^3_{1p} \sum_q w^3_{1q} \sum_r w^3_{1r} \sum_t w^3_{1t} a^{l-1}_k y"
    formula = rf"$$\frac{{\partial C}}{{\partial w^l_{{jk}}}} = {term}$$" + "\n"
    found = verdict(checker, tmp_path, formula * 300, spec, "long.md")
    said = [q.message for q in found.quantities]
    assert set(statuses(found).values()) == {Status.ERROR}
    assert any("takes too long" in message for message in said)
    assert verdict(checker, tmp_path, RIGHT).points == 8


def test_a_recursion_is_followed_back_from_the_output(checker: Checker, tmp_path: Path) -> None:
    """One formula for the deltas of all hidden layers, in a network of three."""
    spec = tmp_path / "deep.yaml"
    spec.write_text(
        "title: Three layers\n"
        "notation: nielsen\n"
        "network:\n"
        "  inputs: 2\n"
        "  layers:\n"
        "    - dense: {units: 3, activation: tanh}\n"
        "    - dense: {units: 4, activation: sigmoid}\n"
        "    - dense: {units: 2, activation: sigmoid}\n"
        "loss: half_squared_error\n"
        "submission: {formula: true}\n"
        "check: [dW4, dW3, dW2, db2]\n",
        encoding="utf-8",
    )
    text = r"""
    \delta^L = (a^L - y) \odot \sigma'(z^L) \\
    \delta^l = (W^{l+1})^T \delta^{l+1} \odot g'(z^l) \\
    \frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j \\
    \frac{\partial C}{\partial b^l_j} = \delta^l_j
    """
    assert verdict(checker, tmp_path, text, spec).status is Status.RIGHT


def test_a_vector_for_an_entry_is_refused_by_name(checker: Checker, tmp_path: Path) -> None:
    """∂C/∂b²_j = δ² says nothing of one entry; what else the sheet says stands."""
    text = RIGHT.replace(r"\quad db2 = \delta^2", r"\quad \frac{\partial C}{\partial b^2_j} = \delta^2")
    found = verdict(checker, tmp_path, text)
    assert statuses(found) == {"dW2": Status.RIGHT, "dW1": Status.RIGHT, "db1": Status.ERROR}
    (refused,) = [q for q in found.quantities if q.name == "db1"]
    assert "an entry is one number, not an array of shape (3, 1)" in refused.message
    assert found.internal is None
