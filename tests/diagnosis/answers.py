"""Networks, and what somebody who makes given mistakes answers: evidence for diagnoses."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from gradcheck.arrays import Array
from gradcheck.diagnosis.evidence import Evidence
from gradcheck.diagnosis.predictions import Predictions
from gradcheck.layers import Stack
from gradcheck.layers.activation import ACTIVATIONS
from gradcheck.layers.dense import Dense
from gradcheck.losses import LOSSES
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.records import Fault, Faults
from gradcheck.specification.cases import draw

sigmoid, tanh, softmax = (ACTIVATIONS[name]() for name in ("sigmoid", "tanh", "softmax"))

DEEP = Stack((Dense(3, tanh), Dense(5, sigmoid), Dense(2, sigmoid)), (4,), LOSSES["half_squared_error"]())
EQUAL = Stack((Dense(3, tanh), Dense(3, sigmoid), Dense(3)), (3,), LOSSES["squared_error"]())
CLASSES = Stack((Dense(5, tanh), Dense(3, softmax)), (4,), LOSSES["cross_entropy"]())
PENALISED = Stack(
    (Dense(3, tanh), Dense(2, sigmoid)),
    (2,),
    LOSSES["half_squared_error"](),
    penalty={"norm": "l2", "strength": 0.3, "constant": "lambda/2", "covers": ["W"]},
)
NETWORKS = {"deep": DEEP, "equal": EQUAL, "classes": CLASSES, "penalised": PENALISED}

_KEPT: dict[str, Predictions] = {}


def predictions(name: str) -> Predictions:
    """The predictions of a network's two cases, one of them of one example; made once."""
    if name not in _KEPT:
        _KEPT[name] = Predictions(
            [draw(NETWORKS[name], examples, seed) for examples, seed in ((1, 5), (7, 6))]
        )
    return _KEPT[name]


def fault(slug: str, *layers: int, unknown: float = 1.0) -> Fault:
    """A mistake at some layers."""
    return Fault(CATALOGUE[slug], layers, unknown)


def gradients(stack: Stack) -> list[str]:
    """The gradients of all parameters: what most exercises ask for."""
    return [f"d{name}" for name in stack.parameters]


def answered(
    predictions: Predictions, faults: Faults = (), names: Collection[str] | None = None
) -> list[Evidence]:
    """The evidence in answers with these mistakes, as far as they can be made."""
    wanted = gradients(predictions.stack) if names is None else names
    made = [predictions.predicted(number, faults) for number in range(len(predictions.points))]
    return evidence(
        predictions,
        [
            None if m is None else {n: m.get(n, right[n]) for n in wanted}
            for m, right in zip(made, predictions.right, strict=True)
        ],
    )


def evidence(predictions: Predictions, answers: Sequence[Mapping[str, Array] | None]) -> list[Evidence]:
    """The evidence in answers to the cases; None where there is none."""
    return [
        Evidence(number, answer, {n: predictions.right[number][n] for n in answer})
        for number, answer in enumerate(answers)
        if answer is not None
    ]


def shown(predictions: Predictions, one: Fault) -> bool:
    """Whether the mistake shows in the gradients of the parameters."""
    return bool(predictions.changed(one) & set(gradients(predictions.stack)))


def changed(name: str, change: object) -> list[Evidence]:
    """Right answers to the deep network's cases, but for one quantity that `change` is applied to."""
    whole = predictions("deep")
    answers = [{n: np.array(right[n]) for n in gradients(whole.stack)} for right in whole.right]
    return evidence(whole, [{**a, name: change(a[name])} for a in answers])  # type: ignore[operator]
