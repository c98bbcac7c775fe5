"""What a sheet's y is drawn from: what it says itself, or what fits its loss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from math import prod
from typing import Any

import numpy as np

from gradcheck.expr.named import Named
from gradcheck.layers import Activation, Stack
from gradcheck.losses import Loss, Sampling, Targets
from gradcheck.network.forward import run
from gradcheck.network.model import Model
from gradcheck.network.read import read_network
from gradcheck.specification.complaint import listed
from gradcheck.specification.language import Sheet
from gradcheck.specification.targets import draw_targets
from gradcheck.specification.yaml_text import Source

_TRIALS = 64
"""How many outputs and targets a formula is tried at."""
_HAIR = 1e-9
"""Ranges of activations that reach their bounds are a little wider."""


def sampling(source: Source, sheet: Sheet, stack: Stack) -> dict[str, Any] | None:
    """A Sampling as plain data, complaining about targets that the loss can't take; None for its own kind."""
    loss = stack.loss
    if not loss.compares:
        _check_without(source, sheet, loss)
        return None
    before = len(source.complaints)
    chosen = _of_classes(source, sheet, loss) if _wants_classes(sheet) else _of_kind(source, sheet, stack)
    return asdict(chosen) if chosen and len(source.complaints) == before else None


def gives_labels(sheet: Sheet) -> bool:
    """Whether y is handed over as numbers of classes."""
    return bool(sheet.labels) or sheet.targets == "labels"


def _wants_classes(sheet: Sheet) -> bool:
    return gives_labels(sheet) or sheet.targets == "one_hot"


def _check_without(source: Source, sheet: Sheet, loss: Loss) -> None:
    for key in ("labels", "targets"):
        if getattr(sheet, key):
            source.complain((key,), f"the loss {loss.name} has no targets", f"leave {key} out", key=True)


def _of_classes(source: Source, sheet: Sheet, loss: Loss) -> Sampling | None:
    """One true class an example."""
    kinds = (loss.targets, *loss.also)
    kind: Targets = "signs" if loss.targets == "signs" and sheet.targets != "one_hot" else "one_hot"
    if kind not in kinds:
        key = "labels" if sheet.labels else "targets"
        source.complain((key,), f"{loss.name} doesn't compare with classes", f"leave {key} out", key=True)
    elif sheet.labels and sheet.targets not in (None, "labels", "one_hot"):
        message = "labels are numbers of classes, and these targets have none"
        source.complain(("targets",), message, "leave labels or targets out", key=True)
    every = sheet.labels == "all" or sheet.targets is not None
    if loss.targets == "one_hot" and not every:
        return None
    return Sampling(kind=kind, classes=True, every=every)


def _of_kind(source: Source, sheet: Sheet, stack: Stack) -> Sampling | None:
    """What `targets` says, or for a formula what fits the outputs that it is taken of."""
    if sheet.targets is None:
        return _fitting(stack) if stack.loss.name == "custom" else None
    if isinstance(sheet.targets, str):
        return _of_name(source, sheet.targets, stack.loss)
    return _of_range(source, sheet.targets.real, stack.loss)


def _of_name(source: Source, kind: Any, loss: Loss) -> Sampling:
    kinds = list(dict.fromkeys((loss.targets, *loss.also)))
    if kind not in kinds:
        there = [f"{{real: [{_limits(loss)}]}}" if k == "real" and _bounded(loss) else k for k in kinds]
        source.complain(("targets",), f"{loss.name} doesn't compare with {kind}", f"there is {listed(there)}")
    elif kind == "real" and _bounded(loss):
        message = f"{loss.name} doesn't take every number"
        source.complain(("targets",), message, f"write {{real: [{_limits(loss)}]}}")
    return Sampling(kind=kind)


def _of_range(source: Source, bounds: Sequence[float], loss: Loss) -> Sampling:
    low, high = bounds
    if "real" not in (loss.targets, *loss.also):
        source.complain(("targets",), f"{loss.name} doesn't compare with real numbers", "leave targets out")
    elif not low < high:
        source.complain(("targets", "real"), "the range must rise", "as in [0, 1]")
    elif low < loss.within[0] or high > loss.within[1]:
        message = f"{loss.name} doesn't take every number of this range"
        source.complain(("targets", "real"), message, f"write [{_limits(loss)}]")
    return Sampling(kind="real", low=low, high=high)


def _bounded(loss: Loss) -> bool:
    return loss.within[0] > -np.inf


def _limits(loss: Loss) -> str:
    low, high = loss.within
    return f"{low:g}, {min(high, 5):g}"


def _fitting(stack: Stack) -> Sampling | None:
    """Of the targets that fit the last activation, the first at which a formula has a value and a slope."""
    model = _trial(stack)
    if "y" not in model.network.equations["l"].expression.reads:
        return None
    rng = np.random.RandomState(0)
    z = rng.uniform(-2, 2, (_TRIALS, 2))
    for choice in _candidates(stack.last_activation, prod(stack.outputs)):
        y = draw_targets(replace(stack.loss, sampling=choice), z.shape, rng)
        axes = ("n", "k")
        values = run(model.whole, {"z": Named(z, axes), "y": Named(y, axes)}, model.sizes)
        if all(np.isfinite(values[name].array).all() for name in ("l", "da") if name in values):
            return choice
    return None


def _trial(stack: Stack) -> Model:
    """The last activation and the loss alone."""
    last = stack.last_activation or Activation("identity")
    text = f"a = {last.of('z', 'k')}\nl = {stack.loss.equation}\nJ = sum(l, n)"
    axes = ("n", "k")
    network = read_network(text, {"z": axes, "y": axes}, axes)
    return Model(network, {"n": _TRIALS, "k": 2}, {}, frozenset())


def _candidates(last: Activation | None, outputs: int) -> Iterator[Sampling | None]:
    """None stands for real numbers of either sign."""
    low, high = last.range if last else (-np.inf, np.inf)
    if last and (last.distribution or last.name == "log_softmax") and outputs > 1:
        yield Sampling(kind="one_hot", classes=True)
        yield Sampling(kind="probabilities")
    elif low >= -_HAIR and high <= 1 + _HAIR:
        yield Sampling(kind="binary")
        yield Sampling(kind="real", low=0.1, high=0.9)
    yield None
    yield Sampling(kind="real", low=0.1, high=1.5)
    yield Sampling(kind="signs")
    yield Sampling(kind="binary")
