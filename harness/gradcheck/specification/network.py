"""The layers, the loss and the penalty of a sheet, made and joined."""

from __future__ import annotations

from typing import Any, TypeVar

from gradcheck.layers import Stack
from gradcheck.network.read import EquationsError
from gradcheck.specification import layer_equations
from gradcheck.specification import stack as stacks
from gradcheck.specification.complaint import suggestion
from gradcheck.specification.language import Sheet
from gradcheck.specification.loss_fit import check_loss
from gradcheck.specification.network_language import LayerOfEquations
from gradcheck.specification.target_choice import sampling
from gradcheck.specification.yaml_text import Source, Where

T = TypeVar("T")


def network(source: Source, sheet: Sheet) -> tuple[dict[str, Any], Stack] | None:
    """The network as `Spec.network`, and its stack of layers; None where there is none to speak of."""
    if not _takes_keys(source, sheet):
        return None
    assert sheet.loss is not None
    layers = [_layer(source, number, layer) for number, layer in enumerate(sheet.network.layers)]
    if None in layers:
        return None
    data = {
        "model": None,
        "layers": layers,
        "inputs": list(shape_of(sheet.network.inputs)),
        "loss": sheet.loss,
        "reduction": sheet.reduction or ("mean" if stacks.loss(sheet.loss).compares else "sum"),
        "penalty": None,
        "sampling": None,
    }
    stack = stacks.stack(data)
    if not _joins(source, stack):
        return None
    check_loss(source, stack)
    data |= {"penalty": _penalty(source, sheet, stack), "sampling": sampling(source, sheet, stack)}
    return data, stack


def _layer(source: Source, number: int, layer: Any) -> dict[str, Any] | None:
    """A layer as plain data; None where its equations are unsound, with complaints."""
    before, data = len(source.complaints), layer
    if isinstance(layer, LayerOfEquations):
        data = layer_equations.stated(source, ("network", "layers", number), layer)
    return data if len(source.complaints) == before else None


def _takes_keys(source: Source, sheet: Sheet) -> bool:
    """Whether the keys that belong to a network of layers are there, and no others."""
    if sheet.upstream:
        source.complain(("upstream",), "upstream is for equations", "write loss: upstream", key=True)
    stated = any(isinstance(layer, LayerOfEquations) for layer in sheet.network.layers)
    for number, case in enumerate(sheet.cases or []):
        where: Where = ("cases", number)
        if (*where, "batch") not in source.places:
            source.complain(where, "a case lacks the key batch", "batch: How many examples.")
        if case.sizes is not None and not stated:
            source.complain((*where, "sizes"), "sizes is for equations", "give widths or inputs", key=True)
    if sheet.loss is None:
        about = Sheet.model_fields["loss"].description
        source.complain((), "the spec lacks the key loss", f"loss: {about}")
    return sheet.loss is not None


def shape_of(inputs: int | list[int]) -> tuple[int, ...]:
    """The shape of an example's array; a number alone is that of a vector."""
    return (inputs,) if isinstance(inputs, int) else tuple(inputs)


def _joins(source: Source, stack: Stack) -> bool:
    """Whether every layer takes what comes before it."""
    number = 0
    try:
        for at, _ in stack.statements():
            number = at.number
    except ValueError as error:
        source.complain(("network", "layers", number), f"layer {number + 1} doesn't fit: {error}")
        return False
    try:
        return bool(stack.network)
    except EquationsError as error:  # of texts that are sound alone: all together are too long
        source.complain(("network", "layers"), f"the layers together: {error.faults[0].reason}")
    return False


def _penalty(source: Source, sheet: Sheet, stack: Stack) -> dict[str, Any] | None:
    term = sheet.penalty
    if term is None:
        return None
    strengths = {"l1": term.l1, "l2": term.l2}
    given = {norm: strength for norm, strength in strengths.items() if strength is not None}
    if len(given) != 1:
        source.complain(("penalty",), "penalty takes one of l1 and l2", "as in {l2: 0.1, constant: lambda/2}")
        return None
    parameters = [stack.quantities[name] for name in stack.parameters]
    letters = list(dict.fromkeys(parameter.base for parameter in parameters))
    for number, letter in enumerate(term.of or []):
        if letter not in letters:
            source.complain(
                ("penalty", "of", number), f"no layer has a parameter {letter}", suggestion(letter, letters)
            )
    ((norm, strength),) = given.items()
    covers = term.of or list(dict.fromkeys(p.base for p in parameters if p.is_weights))
    return {"norm": norm, "strength": strength, "constant": term.constant, "covers": covers}
