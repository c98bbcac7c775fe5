"""Single precision is recognised by its pattern, over an answer as a whole; a wrong formula is not."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcheck.arrays import Array
from gradcheck.fresh import with_fresh_case
from gradcheck.oracle.answer import answered
from gradcheck.oracle.lookup import answer_key
from gradcheck.specification.read import parse
from gradcheck.submission.here import run_here
from gradcheck.submission.records import Live, Outcome, Transcript
from gradcheck.verdict.judge import calls, judge
from gradcheck.verdict.records import Status, Verdict
from halves import some

SPEC = """\
title: Two layers
network:
  inputs: 4
  layers:
    - dense: {{units: 5, activation: tanh}}
    - dense: {{units: 3, activation: softmax}}
loss: cross_entropy
{more}
submission:
  run: dW2, db2, dW1, db1 = backprop(x, y, W1, b1, W2, b2)
check: [dW2, db2, dW1, db1]
"""
F = np.float32


def softmax(z: Array) -> Array:
    """Of each row."""
    e = np.exp(z - z.max(1, keepdims=True))
    p: Array = e / e.sum(1, keepdims=True)
    return p


def right(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    """In whatever precision the arguments have."""
    h = np.tanh(x @ W1 + b1)
    d2 = (softmax(h @ W2 + b2) - y) / len(x)
    d1 = d2 @ W2.T * (1 - h**2)
    return h.T @ d2, d2.sum(0), x.T @ d1, d1.sum(0)


def all_cast(*of: Array) -> Any:
    """Everything in float32, and returned so."""
    return right(*(a.astype(F) for a in of))


def cast_and_returned_double(*of: Array) -> Any:
    """Float32 used inside, float64 returned."""
    return tuple(g.astype(np.float64) for g in all_cast(*of))


def weights_cast(x: Array, y: Array, *parameters: Array) -> Any:
    """Weights kept in float32, data in float64."""
    return right(x, y, *(p.astype(F) for p in parameters))


def data_cast(x: Array, y: Array, *parameters: Array) -> Any:
    """Data loaded as float32, weights in float64."""
    return right(x.astype(F), y.astype(F), *parameters)


def double_accumulators(*of: Array) -> Any:
    """Float32 code that adds example by example into np.zeros, which is float64."""
    x, y, W1, b1, W2, b2 = (a.astype(F) for a in of)
    sums = [np.zeros(W2.shape), np.zeros(b2.shape), np.zeros(W1.shape), np.zeros(b1.shape)]
    for n in range(len(x)):
        for total, part in zip(sums, right(x[n : n + 1], y[n : n + 1], W1, b1, W2, b2), strict=True):
            total += part / len(x)
    return tuple(sums)


def single_accumulators(*of: Array) -> Any:
    """Float64 code that stores its answers in arrays of float32."""
    answers = right(*of)
    kept = [np.zeros(a.shape, F) for a in answers]
    for buffer, a in zip(kept, answers, strict=True):
        buffer[...] = a
    return tuple(kept)


def double_identity(*of: Array) -> Any:
    """Float32 code with one float64 np.eye in the softmax's Jacobian."""
    x, y, W1, b1, W2, b2 = (a.astype(F) for a in of)
    h = np.tanh(x @ W1 + b1)
    p = softmax(h @ W2 + b2)
    J = np.einsum("ij,jk->ijk", p, np.eye(p.shape[1])) - np.einsum("ij,ik->ijk", p, p)
    d2 = np.einsum("ik,ikj->ij", -y / p, J) / len(x)
    d1 = d2 @ W2.T * (1 - h**2)
    return h.T @ d2, d2.sum(0), x.T @ d1, d1.sum(0)


def single_softmax(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    """Float32 in the softmax alone, then float64."""
    h = np.tanh(x @ W1 + b1)
    d2 = (softmax((h @ W2 + b2).astype(F)).astype(np.float64) - y) / len(x)
    d1 = d2 @ W2.T * (1 - h**2)
    return h.T @ d2, d2.sum(0), x.T @ d1, d1.sum(0)


def single_hidden_layer(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    """Float32 in the hidden activations alone."""
    h = np.tanh((x @ W1 + b1).astype(F)).astype(np.float64)
    d2 = (softmax(h @ W2 + b2) - y) / len(x)
    d1 = d2 @ W2.T * (1 - h**2)
    return h.T @ d2, d2.sum(0), x.T @ d1, d1.sum(0)


def default_type_of_a_framework(*of: Array) -> Any:
    """Tensors of float32 by default, and a loss that divides by a Python number."""
    x, y, W1, b1, W2, b2 = (np.asarray(a, dtype=F) for a in of)
    h = np.tanh(np.add(np.matmul(x, W1), b1))
    d2 = np.multiply(np.subtract(softmax(h @ W2 + b2), y), F(1 / len(x)))
    d1 = np.multiply(np.matmul(d2, W2.T), F(1) - np.square(h))
    return np.matmul(h.T, d2), d2.sum(0), np.matmul(x.T, d1), d1.sum(0)


def naive_softmax(*of: Array) -> Any:
    """Float32 without the subtraction of the maximum; each slope from the value of the function."""
    x, y, W1, b1, W2, b2 = (a.astype(F) for a in of)
    z = x @ W1 + b1
    h = (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
    e = np.exp(h @ W2 + b2)
    d2 = (e / e.sum(1, keepdims=True) - y) / len(x)
    d1 = d2 @ W2.T / np.cosh(z) ** 2
    return h.T @ d2, d2.sum(0), x.T @ d1, d1.sum(0)


def targets_cast(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    """Float32 from the error on: the forward pass is float64."""
    h = np.tanh(x @ W1 + b1)
    d2 = ((softmax(h @ W2 + b2) - y).astype(F)) / len(x)
    d1 = d2 @ W2.T * (1 - h**2)
    return h.T @ d2, d2.sum(0), x.T @ d1, d1.sum(0)


def one_weight_cast(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    """One of four parameters is float32."""
    return right(x, y, W1.astype(F), b1, W2, b2)


def lists_of_floats(*of: Array) -> Any:
    """Float32 answers as lists of Python's numbers."""
    return tuple(g.tolist() for g in all_cast(*of))


def constant(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    """Float64 but for the one number that is multiplied by."""
    mean = F(1) / F(len(x))
    dW2, db2, dW1, db1 = right(x, y, W1, b1, W2, b2)
    return tuple(g * len(x) * np.float64(mean) for g in (dW2, db2, dW1, db1))


PROGRAMS = [
    right,
    all_cast,
    cast_and_returned_double,
    weights_cast,
    data_cast,
    double_accumulators,
    single_accumulators,
    double_identity,
    single_softmax,
    single_hidden_layer,
    default_type_of_a_framework,
    naive_softmax,
    targets_cast,
    one_weight_cast,
    lists_of_floats,
    constant,
]


def checked(folder: Path, program: Any, *more: str) -> Verdict:
    """The verdict on a function of this process."""
    path = folder / "spec.yaml"
    path.write_text(SPEC.format(more="\n".join(more)))
    return undiagnosed(program, path)


def undiagnosed(program: Any, spec: Path) -> Verdict:
    """The verdict alone."""
    key = answer_key(spec)
    live = Live(program, key.spec.contract.run, key.spec.path, key.spec.contract.run_line)
    return judge(key, "program", run_here(live, calls(key)))


@pytest.mark.parametrize("program", some(PROGRAMS, 5), ids=lambda program: program.__name__)
def test_right_programs_in_single_precision_are_right(program: Any, tmp_path: Path) -> None:
    """Float32 all over, inside, or in one place; all but the first carry a note that says so."""
    verdict = checked(tmp_path, program)
    assert verdict.status is Status.RIGHT
    assert ("float32" in " ".join(verdict.notes)) == (program is not right)


def edited(change: Any) -> Any:
    """The right program, and something wrong with its answers."""

    def backprop(*of: Array) -> Any:
        return change(*right(*of), of)

    return backprop


WRONG = {
    "a factor of 1 + 1e-6 over everything": lambda a, b, c, d, of: [g * (1 + 1e-6) for g in (a, b, c, d)],
    "a factor of 1 + 1e-7 over everything": lambda a, b, c, d, of: [g * (1 + 1e-7) for g in (a, b, c, d)],
    "a factor of 1 + 5e-8 over one quantity": lambda a, b, c, d, of: (a, b, c * (1 + 5e-8), d),
    "a factor of 1 + 5e-8, and one weight by 1e-6": lambda a, b, c, d, of: [
        g * (1 + 5e-8) + 1e-6 * (np.arange(g.size).reshape(g.shape) == 1) for g in (a, b, c, d)
    ],
    "a penalty of 1e-6 too much": lambda a, b, c, d, of: (a + 1e-6 * of[4], b, c + 1e-6 * of[2], d),
    "a penalty of 1e-7 on everything": lambda a, b, c, d, of: (
        a + 1e-7 * of[4],
        b + 1e-7 * of[5],
        c + 1e-7 * of[2],
        d + 1e-7 * of[3],
    ),
    "one weight by 1e-6": lambda a, b, c, d, of: (a + 1e-6 * (np.arange(15).reshape(5, 3) == 7), b, c, d),
    "one weight by 1e-8": lambda a, b, c, d, of: (a, b, c + 1e-8 * (np.arange(20).reshape(4, 5) == 7), d),
    "one bias by 1e-7": lambda a, b, c, d, of: (a, b + 1e-7 * (np.arange(3) == 1), c, d),
    "float16 inside": lambda a, b, c, d, of: [g.astype(np.float16).astype(float) for g in (a, b, c, d)],
    "rounded to 5 decimals": lambda a, b, c, d, of: [np.round(g, 5) for g in (a, b, c, d)],
    "a row by 1e-6": lambda a, b, c, d, of: (a, b, c + 1e-6 * (np.arange(4) == 2)[:, None], d),
    "one weight by 1e-3 in float32": lambda a, b, c, d, of: (
        a.astype(F),
        b.astype(F),
        (c + 1e-3 * (np.arange(20).reshape(4, 5) == 7)).astype(F),
        d.astype(F),
    ),
    "a factor of 1 + 1e-6 in float32": lambda *g: [(a * (1 + 1e-6)).astype(F) for a in g[:4]],
}


@pytest.mark.parametrize("change", some(WRONG, 2))
def test_wrong_programs_are_wrong(change: str, tmp_path: Path) -> None:
    """An error that stands alone, one factor or one penalty in all entries, and what is no float32."""
    verdict = checked(tmp_path, edited(WRONG[change]))
    assert verdict.status is Status.WRONG


def test_an_error_alone_costs_nothing_but_its_own_quantity(tmp_path: Path) -> None:
    """In float32 code, too, what is right stays right beside a mistake."""

    def backprop(*of: Array) -> Any:
        dW2, db2, dW1, db1 = cast_and_returned_double(*of)
        return dW2, db2, 2 * dW1, db1

    verdict = checked(tmp_path, backprop)
    assert [q.symbol for q in verdict.quantities if q.status is Status.WRONG] == ["dW1"]


@pytest.mark.slow
@pytest.mark.parametrize("more", ["precision: double", "tolerance: 1e-9"])
def test_a_spec_may_ask_for_double_precision(more: str, tmp_path: Path) -> None:
    """Then float32 is wrong, and told what to do."""
    verdict = checked(tmp_path, all_cast, more)
    assert {q.status for q in verdict.quantities} == {Status.WRONG}
    assert all("compute in float64" in q.help for q in verdict.quantities)


def guarded(epsilon: float) -> Any:
    """The gradient of -y log(p + epsilon)."""

    def backprop(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
        h = np.tanh(x @ W1 + b1)
        p = softmax(h @ W2 + b2)
        dp = -y / (p + epsilon)
        d2 = p * (dp - (dp * p).sum(1, keepdims=True)) / len(x)
        d1 = d2 @ W2.T * (1 - h**2)
        return h.T @ d2, d2.sum(0), x.T @ d1, d1.sum(0)

    return backprop


@pytest.mark.slow
@pytest.mark.parametrize("epsilon", [1e-8, 1e-7, 1e-5, 1e-4])
def test_an_epsilon_is_named_with_its_size(epsilon: float, tmp_path: Path) -> None:
    """It is wrong unless a spec allows it, and right where the spec does."""
    size = f"{epsilon:.0e}".replace("e-0", "e-")
    says = f"your loss's gradient has an epsilon of about {size} in it"
    assert says in checked(tmp_path, guarded(epsilon)).notes
    assert checked(tmp_path, guarded(epsilon)).status is Status.WRONG
    allowed = checked(tmp_path, guarded(epsilon), f"epsilon: {epsilon}")
    assert allowed.status is Status.RIGHT
    assert allowed.notes == (f"{says}, which this spec allows",)
    assert checked(tmp_path, guarded(3 * epsilon), f"epsilon: {epsilon}").status is Status.WRONG


def test_an_epsilon_is_seen_through_in_a_fresh_case_too() -> None:
    """In a class there is one more case than the spec says."""
    spec = parse(SPEC.format(more="epsilon: 1e-6").encode(), "s.yaml")
    key = with_fresh_case(answered(spec), 1, "submission")
    backprop, given = guarded(1e-6), ("x", "y", "W1", "b1", "W2", "b2")
    made = [backprop(*(case.inputs[name] for name in given)) for case in key.cases]
    outcomes = [Outcome(dict(zip(spec.check, gradients, strict=True)), {}, ()) for gradients in made]
    verdict = judge(key, "s", Transcript((outcomes[0], *outcomes), "", truncated=False))
    assert len(key.cases) == 3
    assert verdict.status is Status.RIGHT


def test_an_epsilon_excuses_nothing_else(tmp_path: Path) -> None:
    """What is wrong besides stays wrong where an epsilon is allowed; what is not stays right."""

    def backprop(*of: Array) -> Any:
        dW2, db2, dW1, db1 = guarded(1e-7)(*of)
        return dW2, db2, 2 * dW1, db1

    verdict = checked(tmp_path, backprop, "epsilon: 1e-7")
    assert [q.symbol for q in verdict.quantities if q.status is Status.WRONG] == ["dW1"]


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([3e-6, 1e-6, 1e-8]), st.integers(0, 3), st.integers(0, 10**6))
def test_one_weight_off_is_never_single_precision(seed: int, by: float, which: int, at: int) -> None:
    """However the right numbers round: an error among exact entries is wrong, and no other is."""

    def backprop(*of: Array) -> Any:
        answers = [np.array(a) for a in right(*of)]
        rng = np.random.RandomState(seed)
        answers = [a * (1 + 1e-15 * rng.uniform(-1, 1, a.shape)) for a in answers]
        answers[which].flat[at % answers[which].size] += by * np.abs(answers[which]).max()
        return tuple(answers)

    with tempfile.TemporaryDirectory() as folder:
        verdict = checked(Path(folder), backprop)
    statuses = [q.status for q in verdict.quantities]
    assert [n for n, status in enumerate(statuses) if status is Status.WRONG] == [which]


RECURRENT = """\
title: A recurrent layer
notation: cs231n
network:
  inputs: [4, 3]
  layers:
    - rnn: {units: 5, activation: tanh}
loss: upstream
submission:
  run: dx, dWx, dWh, db = backprop(x, Wx, Wh, b, dout)
check: [dx, dWx, dWh, db]
cases:
  - {batch: 1}
  - {batch: 3, inputs: [6, 2]}
"""


@pytest.mark.parametrize(
    ("through", "dtype", "status"),
    some(
        [
            (1.0, np.float64, Status.RIGHT),
            (1.0, np.float32, Status.RIGHT),
            (1 - 1e-6, np.float64, Status.WRONG),
            (1 + 1e-6, np.float64, Status.WRONG),
            (1 - 3e-6, np.float64, Status.WRONG),
        ],
        2,
    ),
)
def test_a_term_that_is_a_millionth_off_is_not_single_precision(
    through: float, dtype: Any, status: Status, tmp_path: Path
) -> None:
    """Its errors stand in most entries of each gradient, but beside exact ones, and some are too large."""

    def backprop(x: Array, Wx: Array, Wh: Array, b: Array, dout: Array) -> Any:
        h, before = np.zeros(dout.shape), np.zeros((len(x), len(b)))
        for t in range(x.shape[1]):
            before = h[:, t] = np.tanh(x[:, t] @ Wx + before @ Wh + b)
        dx, dWx, dWh, db = (np.zeros(a.shape) for a in (x, Wx, Wh, b))
        later = np.zeros(before.shape, dtype)
        for t in reversed(range(x.shape[1])):
            dz = (dout[:, t] + through * later) * (1 - h[:, t] ** 2)
            dx[:, t], later[...] = dz @ Wx.T, dz @ Wh.T
            dWx += x[:, t].T @ dz
            dWh += (h[:, t - 1] if t else np.zeros(before.shape)).T @ dz
            db += dz.sum(0)
        return dx, dWx, dWh, db

    path = tmp_path / "spec.yaml"
    path.write_text(RECURRENT)
    assert undiagnosed(backprop, path).status is status
