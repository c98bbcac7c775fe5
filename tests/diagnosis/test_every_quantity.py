"""Whatever a spec can check, of any layer, activation, loss and notation: a wrong answer never ends a run."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sentences import Judge
from test_any_answer import verdict_on

from gradcheck.arrays import Array
from gradcheck.diagnosis.questions import questions
from gradcheck.errors import SpecError
from gradcheck.layers.activation import ACTIVATIONS
from gradcheck.losses import LOSSES
from gradcheck.oracle.answer import answered
from gradcheck.oracle.key import AnswerKey
from gradcheck.report.data import dumps
from gradcheck.report.html import render as as_html
from gradcheck.report.terminal import render
from gradcheck.specification.quantity import computed
from gradcheck.specification.read import parse
from gradcheck.specification.shipped import NOTATIONS
from gradcheck.submission.records import Outcome
from gradcheck.verdict.records import Status

OPTIONS = {"custom": {"custom": "tanh(2*z)"}, "custom loss": {"custom": "(a - y)^4"}}
NETWORKS: dict[str, dict[str, Any]] = {}


def _enter(name: str, layers: list[Any], loss: Any, inputs: Any = 2) -> None:
    NETWORKS[name] = {"network": {"inputs": inputs, "layers": layers}, "loss": loss}


def _dense(activation: Any, units: int = 3) -> dict[str, Any]:
    return {"dense": {"units": units, "activation": activation}}


for _name in ACTIVATIONS:
    _enter(
        f"{_name} hidden", [_dense(OPTIONS.get(_name, _name)), _dense("identity", 2)], "half_squared_error"
    )
    _enter(f"{_name} alone", [_dense(OPTIONS.get(_name, _name))], "half_squared_error")
for _name, _factory in LOSSES.items():
    _loss = None if _name == "custom" else _factory()
    _output = (
        "softmax"
        if _loss and _loss.wants_distribution
        else "log_softmax"
        if _name == "nll"
        else "sigmoid"
        if _loss and _loss.domain == (0, 1)
        else "identity"
    )
    _units = 1 if _name == "none" else 3
    _enter(f"{_name} last", [_dense("tanh"), _dense(_output, _units)], OPTIONS.get(f"{_name} loss", _name))
_enter(
    "conv2d",
    [{"conv2d": {"filters": 2, "size": 2, "activation": "tanh"}}, {"flatten": {}}, _dense("tanh")],
    "squared_error",
    [2, 3, 3],
)
_enter("conv2d alone", [{"conv2d": {"filters": 2, "size": 2}}], "upstream", [2, 3, 3])
_enter("rnn", [{"rnn": {"units": 3}}, {"flatten": {}}, _dense("softmax")], "cross_entropy", [3, 2])
_enter("dense alone", [{"dense": {"units": 3}}], "upstream", 4)

CHANGES: dict[str, Callable[[Any, Any], Any]] = {
    "another shape": lambda a, rng: np.ones((2, *a.shape)),
    "no entries": lambda a, rng: a[..., :0] if a.ndim else np.zeros(0),
    "flat": lambda a, rng: np.ravel(a),
    "doubled": lambda a, rng: 2 * a,
    "zero": lambda a, rng: 0 * a,
    "anything": lambda a, rng: rng.normal(size=a.shape),
    "nearly": lambda a, rng: a * (1 + 1e-7 * rng.normal(size=a.shape)),
    "transposed": lambda a, rng: a.T,
}


def key_of(name: str, notation: str) -> AnswerKey:
    """The key of a network that is asked for all that has a name."""
    sheet: dict[str, Any] = {"title": name, "notation": notation, **NETWORKS[name], "cases": [{"batch": 2}]}
    plain = parse(json.dumps({**sheet, "check": [_any(sheet)]}).encode(), "x.yaml")
    named = set(plain.layered_notation.quantities(plain.stack))
    symbols = [plain.notation.symbol(n) for n in computed(plain.stack) if n in named]
    return answered(
        parse(json.dumps({**sheet, "check": symbols[-1:], "accept": symbols[:-1]}).encode(), "x.yaml")
    )


def _any(sheet: dict[str, Any]) -> str:
    """A symbol that is surely there."""
    for symbol in ("dx", "dX", "dW1", "dw", "J"):
        try:
            parse(json.dumps({**sheet, "check": [symbol]}).encode(), "x.yaml")
        except SpecError:
            continue
        return symbol
    raise AssertionError(sheet)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "notation"), list(zip(NETWORKS, cycle(sorted(NOTATIONS)), strict=False)))
def test_every_quantity_may_be_wrong(name: str, notation: str) -> None:
    """Each alone, and all at once, in every way: judged, diagnosed and shown; and nothing false is said."""
    key = key_of(name, notation)
    rng = np.random.RandomState(1)
    truth = [
        {n: case.entries[n].autograd if case else a[n] for n in key.symbols}
        for case, a in zip((*key.cases, *[None] * 9), _known(key), strict=False)
    ]
    names = list(key.symbols)
    place = list(NETWORKS).index(name)  # three ways a network: all of them, over the networks
    for number, (kind, change) in enumerate(list(CHANGES.items())[place % 3 :: 3]):
        for wrong in ([names[(place + number) % len(names)]], [n for n in names if "/" in n], names):
            answers = [
                Outcome(
                    {
                        s: np.asarray(change(a[n], rng) if n in wrong else a[n])
                        for n, s in key.symbols.items()
                    },
                    {},
                    (),
                )
                for a in truth
            ]
            verdict = verdict_on(key, answers)  # type: ignore[arg-type]
            assert verdict.status in Status, kind
            assert render(verdict)
            assert as_html(verdict)
            assert json.loads(dumps([verdict]))
            assert Judge(key, answers, verdict).lies() == [], (kind, wrong)


def _known(key: AnswerKey) -> list[dict[str, Array]]:
    truths = questions(key).truths
    return [key.spec.notation.present(truths.truth(number)) for number in range(len(truths))]


def test_a_wrong_jacobian_is_located(tmp_path: Path) -> None:
    """The Jacobian of a softmax: its diagonal alone, or twice what stands beside it."""
    key = key_of("softmax alone", "plain")
    for change in (lambda J: np.diagonal(J, axis1=1, axis2=2), lambda J: J * (2 - np.eye(J.shape[1]))):
        answers = []
        for case in key.cases:
            arrays = {s: case.entries[n].autograd for n, s in key.symbols.items()}
            answers.append(Outcome({**arrays, "da1_dz1": np.array(change(arrays["da1_dz1"]))}, {}, ()))
        verdict = verdict_on(key, answers)  # type: ignore[arg-type]
        assert verdict.diagnosis is not None
        assert verdict.diagnosis.symbol == "∂a1/∂z1"
