"""A case that nobody can know: what it follows from, and what it is judged by."""

from __future__ import annotations

import sys
from hashlib import sha1
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercise import RIGHT, exercise, instead
from gradcheck import fresh
from gradcheck.checker import Checker
from gradcheck.fresh import settled, with_fresh_case
from gradcheck.oracle.cases import Drawn
from gradcheck.oracle.entry import ROUNDINGS
from gradcheck.oracle.key import AnswerKey, KeyCase
from gradcheck.oracle.layered import LayeredCases
from gradcheck.oracle.lookup import answer_key
from gradcheck.slopes import EPS
from gradcheck.specification.cases import with_classes
from gradcheck.submission.find import find
from gradcheck.verdict.records import Status
from halves import some

SPECS = sorted((Path(__file__).parents[1] / "specs").glob("*.yaml"))
EQUATIONS = sorted((Path(__file__).parent / "network" / "examples" / "specs").glob("*.yaml"))


def numbers(key: AnswerKey) -> list[bytes]:
    """What the fresh case hands over."""
    (case,) = key.fresh
    return [np.asarray(value).tobytes() for value in case.inputs.values()]


def test_it_follows_from_the_secret_and_the_content() -> None:
    """The same ones give the same numbers; another of either gives others."""
    key = answer_key(SPECS[0])
    first = numbers(with_fresh_case(key, 7, "anna"))
    assert numbers(with_fresh_case(key, 7, "anna")) == first
    for secret, content in ((8, "anna"), (7, "ben"), (2**53 - 1, "anna")):
        other = numbers(with_fresh_case(key, secret, content))
        assert all(mine != theirs for mine, theirs in zip(first, other, strict=True))


@pytest.mark.slow
def test_specs_have_different_numbers() -> None:
    """What is asked for one spec is of no use for another."""
    keys = [with_fresh_case(answer_key(path), 7, "anna") for path in SPECS]
    assert len({key.fresh[0].plan.seed for key in keys}) == len(SPECS)


@pytest.mark.parametrize("path", some([*SPECS, *EQUATIONS], 2), ids=lambda path: path.stem)
def test_the_reverse_pass_says_what_both_oracles_say(path: Path) -> None:
    """Of every quantity of a fresh case, up to rounding."""
    key = answer_key(path)
    assert fresh._is_trusted(key)
    for content in "abcde":
        drawn = with_fresh_case(key, 1, content)
        for name, entry in settled(drawn).fresh[0].entries.items():
            off = np.abs(drawn.fresh[0].entries[name].autograd - entry.autograd).max()
            assert off <= max(1e-12 * entry.scale, ROUNDINGS * EPS * entry.response)


def test_a_reverse_pass_that_differs_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it does not reproduce the spec's own cases, both oracles are asked from the start."""
    key = answer_key(SPECS[-1])
    expected = settled(with_fresh_case(key, 1, "a"))
    works = LayeredCases.redraw

    def differs(self: LayeredCases, case: KeyCase) -> Drawn:
        drawn = works(self, case)
        return drawn._replace(values={name: a * (1 + 1e-8) for name, a in drawn.values.items()})

    monkeypatch.setattr(LayeredCases, "redraw", differs)
    fresh._is_trusted.cache_clear()
    found = with_fresh_case(key, 1, "a")
    fresh._is_trusted.cache_clear()
    for name, entry in expected.fresh[0].entries.items():
        assert np.array_equal(entry.autograd, found.fresh[0].entries[name].autograd)
        assert found.fresh[0].entries[name].differences.error.any()


LINK = """\
title: A link that the reverse pass in NumPy may not know
network: {inputs: 2, layers: [dense: {units: 3, activation: softmax}]}
loss: half_squared_error
submission: {file: layer.py, given: [a1], run: "da1_dz1 = gradients(a1)"}
check: [da1_dz1]
"""


def test_what_the_reverse_pass_does_not_know_both_oracles_say(tmp_path: Path) -> None:
    """A Jacobian is asked for in a fresh case, too."""
    path = tmp_path / "link.yaml"
    path.write_text(LINK, "utf-8")
    found = with_fresh_case(answer_key(path), 1, "a")
    assert found.fresh[0].entries["da1/dz1"].autograd.shape == (1, 3, 3)


CLASSES = """\
title: Classes
network: {inputs: 3, layers: [dense: {units: 3, activation: softmax}]}
loss: cross_entropy
labels: true
submission: {file: net.py, run: "dW1, db1 = gradients(x, y, W1, b1)"}
check: [dW1, db1]
cases: [{batch: %d}]
"""


@pytest.mark.slow
@pytest.mark.parametrize("batch", [1, 3, 4, 6])
def test_classes_that_occur_occur_again(tmp_path: Path, batch: int) -> None:
    """Code that counts the classes of a batch is right in the fresh case where it is in the spec's own."""
    path = tmp_path / "classes.yaml"
    path.write_text(CLASSES % batch, "utf-8")
    key = answer_key(path)
    known = set(np.asarray(key.cases[0].inputs["y"]).tolist())
    for content in range(30):
        (case,) = with_fresh_case(key, 1, str(content)).fresh
        labels = np.asarray(case.inputs["y"])
        assert known <= set(labels.tolist())
        assert labels.shape == (batch,)


@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_targets_keep_their_kind(seed: int, batch: int) -> None:
    """Rows that are one-hot stay so, and hold the classes that are wanted; real ones are left alone."""
    rng = np.random.RandomState(seed)
    real, like = rng.uniform(0.1, 0.9, (2, batch, 3))
    assert np.array_equal(with_classes(real, like, rng), real)
    labels, wanted = np.eye(4)[rng.randint(4, size=(2, batch))]
    found = with_classes(labels, wanted, rng)
    assert np.isin(found, (0, 1)).all()
    assert (found.sum(1) == 1).all()
    assert set(wanted.argmax(1)) <= set(found.argmax(1))
    several = (rng.uniform(size=(batch, 4)) < 0.5).astype(float)
    assert (with_classes(several, wanted, rng).sum(1) == 1).all()


TABLE = """\
import hashlib
import numpy as np
table = {}

def gradients(x, y, W1, b1):
    k = hashlib.sha1(b"".join(np.ascontiguousarray(v).tobytes() for v in (x, y, W1, b1))).hexdigest()
    print("ASK", k)
    return table.get(k, (np.ones_like(W1), np.ones_like(b1)))
"""


def test_stored_answers_earn_nothing(tmp_path: Path) -> None:
    """Not even those to all that was asked of the same work before it held them."""
    exercise(tmp_path, anna=TABLE, ben=RIGHT)
    spec = tmp_path / "specs" / "layer.yaml"
    key = answer_key(spec)
    asked = settled(with_fresh_case(key, 5, "before"))
    table = {}
    for case in asked.cases:
        inputs = [np.asarray(case.inputs[name]) for name in ("x", "y", "W1", "b1")]
        digest = sha1(b"".join(np.ascontiguousarray(value).tobytes() for value in inputs)).hexdigest()
        table[digest] = [case.entries[name].autograd.tolist() for name in ("dW1", "db1")]
    path = tmp_path / "submissions" / "anna.py"
    stored = f"table |= {{k: tuple(map(np.array, v)) for k, v in {table!r}.items()}}\n"
    path.write_text(TABLE + stored, "utf-8")
    with Checker(secret=5) as checker:
        (cheat,) = checker.check_all(find(path.parent, "anna"), [spec], "after")
        (again,) = checker.check_all(find(path.parent, "anna"), [spec], "before")
        (honest,) = checker.check_all(find(path.parent, "ben"), [spec], "honest")
    assert (cheat.status, cheat.points) == (Status.WRONG, 0)
    assert "stored answers?" in " ".join(cheat.notes)
    assert [q.wrong_cases for q in cheat.quantities] == [1, 1]
    assert again.status is Status.RIGHT  # the table is one of right answers
    assert honest.status is Status.RIGHT
    assert honest.notes == ()


def test_wrong_on_the_fresh_case_alone_is_said_by_both_oracles(tmp_path: Path) -> None:
    """What decides has an error bar, as everything that is called wrong."""
    exercise(tmp_path)
    key = answer_key(tmp_path / "specs" / "layer.yaml")
    both = settled(with_fresh_case(key, 5, "a"))
    assert all(entry.differences.error.any() for entry in both.fresh[0].entries.values())
    assert both.own is key


MEMORISED = instead("return (dW, db) if round(float(x.sum()), 9) in KNOWN else (2 * dW, db)")
"""Right where the sum of the inputs is one of KNOWN, and else wrong."""


@pytest.mark.parametrize("torch", [True, False])
def test_wrong_on_the_fresh_case_alone_is_wrong_without_torch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, torch: bool
) -> None:
    """Two witnesses stand against it: differences, and the reverse pass, which isn't called autograd."""
    exercise(tmp_path, anna=RIGHT)
    spec = tmp_path / "specs" / "layer.yaml"
    known = [round(float(np.sum(case.inputs["x"])), 9) for case in answer_key(spec).cases]
    path = tmp_path / "submissions" / "anna.py"
    path.write_text(f"KNOWN = {known}\n{MEMORISED}", encoding="utf-8")
    with Checker(secret=5) as checker:
        checker.key(spec)
        if not torch:
            monkeypatch.setitem(sys.modules, "torch", None)
        (verdict,) = checker.check_all(find(path.parent, "anna"), [spec], "content")
    assert verdict.internal is None
    assert [q.status for q in verdict.quantities] == [Status.WRONG, Status.RIGHT]
    table = verdict.quantities[0].table
    assert table is not None
    assert (table.autograd is not None) is torch
    assert np.abs(table.yours / table.true - 2).max() < 1e-4
