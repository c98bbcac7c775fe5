"""Pages about what the registries hold: activations, losses, layers, operations, notations, edits."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields
from typing import Any, get_type_hints

from generators.markdown import block, code, escaped, page, table
from gradcheck.edits.kinds import CATEGORIES, KINDS
from gradcheck.expr.operation import Along, Entrywise, Interval
from gradcheck.expr.registry import CALLED, MOVING, OPERATORS, OVER
from gradcheck.layers import LAYERS
from gradcheck.layers.activation import ACTIVATIONS, OPTIONS
from gradcheck.layers.activation import ALIASES as ACTIVATION_ALIASES
from gradcheck.layers.layer import ALIASES as LAYER_ALIASES
from gradcheck.layers.layer import Position
from gradcheck.losses import LOSSES
from gradcheck.losses.loss import ALIASES as LOSS_ALIASES
from gradcheck.specification.shipped import NOTATIONS, shipped

_TINY = 1e-300
"""An interval that begins at the number below 0 holds 0 itself."""
Aliases = list[tuple[str, str]]


def activations_page() -> str:
    """Every activation with its formula, derivative, kinks and range."""
    rows = [_activation(name) for name in OPTIONS]
    return page(
        "# Activations",
        "What `activation` of a layer may be in a [spec](../specs.md#activations). The derivative is "
        "written in the argument x and the value y of the function.",
        table(["name", "options", "function of z", "derivative", "kinks at", "values"], rows),
        _aliases(ACTIVATION_ALIASES),
    )


def losses_page() -> str:
    """Every loss with its equation."""
    rows = [_loss(name, make) for name, make in LOSSES.items()]
    return page(
        "# Losses",
        "What `loss` may be in a [spec](../specs.md#losses): ℓ of one example, where `k` is the axis of the "
        "outputs. `reduction` makes J of the examples' losses.",
        table(["name", "options", "ℓ", "equation", "targets"], rows),
        _aliases(LOSS_ALIASES),
    )


def layers_page() -> str:
    """Every layer with its options and its equations."""
    return page(
        "# Layers",
        "What `layers` of a [spec](../specs.md#layers) may list, each with the equations that it "
        "stands for as the second layer of a network; its sizes are examples. The reverse pass follows: "
        "`gradcheck spec show SPEC --backward` prints it.",
        *(part for kind in LAYERS for part in _layer(kind)),
        _aliases(LAYER_ALIASES),
    )


def operations_page() -> str:
    """Every operation of the language of equations."""
    return page(
        "# Operations",
        "What [equations](../specs.md#equations), formulas and `--at` are made of. Derivatives are written "
        "in the arguments x (or x1, x2, …) and the value y; g is the upstream gradient.",
        "## Operators",
        table(["operator", "derivative by each argument"], map(_entrywise, OPERATORS.values())),
        "## Functions of numbers",
        table(["function", "derivative by each argument"], map(_entrywise, CALLED.values())),
        "## Functions over an axis",
        table(["function", "what the argument gets of g"], map(_along, OVER.values())),
        "## What moves entries",
        table(["call", "meaning"], ((code(one.form), _summary(one)) for one in MOVING.values())),
    )


def notations_page() -> str:
    """Every notation with its letters."""
    return page(
        "# Notations",
        "What `notation` of a [spec](../specs.md#notations) may be: whose letters a course uses, and how its "
        "arrays lie.",
        *(part for name in NOTATIONS for part in _notation(name)),
    )


def edits_page() -> str:
    """Every kind of edit that the diagnosis tries."""
    rows = [
        (
            code(kind),
            escaped(CATEGORIES[kind]),
            escaped(words.clause.format(part="…", instead="…")),
            escaped(words.question),
        )
        for kind, words in sorted(KINDS.items(), key=lambda item: item[1].rank)
    ]
    return page(
        "# Edits",
        "The changes of an equation that the diagnosis tries where no named mistake explains an answer, the "
        "most frequent first. [Mistakes](../mistakes.md#other-changes-of-an-equation) shows one of each.",
        table(["kind", "what sort of mistake", "what a report says", "what it asks"], rows),
    )


def _activation(name: str) -> tuple[str, ...]:
    options = ", ".join(code(key) + _default(default) for key, (_, default) in OPTIONS[name].items())
    if name == "custom":
        return code(name), options, "the formula", "", "", ""
    one = ACTIVATIONS[name]()
    operation = one.operation
    derivative = ""
    if isinstance(operation, Entrywise):
        derivative = code(operation.derivatives[0] or "0")
    elif isinstance(operation, Along):
        derivative = f"{code(operation.rule or '')}, of all units together"
    kinks = ", ".join(f"{z:g}" for z in one.kinks)
    return code(name), options, code(one.formula), derivative or "`1`", kinks, _interval(one.range)


def _loss(name: str, make: Callable[..., Any]) -> tuple[str, ...]:
    parameters = inspect.signature(make).parameters.values()
    options = ", ".join(code(one.name) + _default(one.default) for one in parameters)
    if name == "custom":
        return code(name), options, "the formula", "", "what its outputs are"
    one = make()
    return code(name), options, escaped(one.definition), code(one.equation), one.targets.replace("_", " ")


def _layer(kind: str) -> Iterator[str]:
    cls = LAYERS[kind]
    yield f"## {kind}"
    yield escaped(cls.about)
    hints = get_type_hints(cls)
    options = [
        (code(one.name), _type(hints[one.name]), _default(one.default).strip(" ()")) for one in fields(cls)
    ]
    if options:
        yield table(["option", "takes", "default"], options)
    yield block(_stated(cls))


_EXAMPLES: dict[str, Any] = {"units": 3, "filters": 3, "size": 2, "groups": 2, "vocabulary": 5}
"""Options of a layer that have no default -> what they are in its example."""
_INPUTS = ((("d2", 4),), (("T2", 4), ("d2", 4)), (("c2", 4), ("h2", 4), ("w2", 4)))


def _stated(cls: type[Any]) -> str:
    """The equations of a layer, with its parameters, for the first input that it takes."""
    required = {one.name: _EXAMPLES[one.name] for one in fields(cls) if one.default is MISSING}
    if cls.kind == "dense":
        required["activation"] = ACTIVATIONS["sigmoid"]()
    for shape in _INPUTS:
        position = Position(2, "a1", tuple(axis for axis, _ in shape), {"n": 5, **dict(shape)})
        try:
            statement = cls(**required).stated(position)
        except ValueError:
            continue
        parameters = "".join(f"{name}: {', '.join(axes)}\n" for name, axes in statement.parameters.items())
        return f"a1: {', '.join(('n', *position.axes))}\n{parameters}\n{statement.equations}"
    first = Position(1, "x", (), {"n": 5})
    return str(cls(**required).stated(first).equations)


def _entrywise(one: Entrywise) -> tuple[str, str]:
    name = one.name if one.name in OPERATORS else f"{one.name}({_arguments(one)})"
    return code(name), ", ".join(code(rule or "0") for rule in one.derivatives)


def _arguments(one: Entrywise) -> str:
    given = ["x"] if one.arity == 1 else [f"x{place}" for place in range(1, one.arity + 1)]
    required = one.arity - len(one.defaults)
    return ", ".join(
        [
            *given[:required],
            *(f"x{required + 1 + place}={value:g}" for place, value in enumerate(one.defaults)),
        ]
    )


def _along(one: Along) -> tuple[str, str]:
    return code(f"{one.name}(x, axis)"), code(one.rule or "")


def _summary(one: object) -> str:
    """The first sentence of what a class says of itself."""
    text = (inspect.getdoc(one) or "").split("\n\n")[0].replace("\n", " ")
    return escaped(re.sub(r"^`[^`]*`[^:]*: ", "", text))


def _notation(name: str) -> Iterator[str]:
    data = shipped(name)
    yield f"## {name}"
    yield escaped(data["about"])
    yield table(["canonical", "here"], ((code(key), code(value)) for key, value in data["letters"].items()))


def _aliases(pairs: Aliases) -> str:
    """What other libraries call the same things, which a complaint about a spec knows."""
    if not pairs:
        return ""
    rows = ((code(alias), code(name)) for alias, name in sorted(pairs))
    return page(
        "## Other names",
        "A spec that uses one of these gets a complaint that gives the name to write.",
        table(["elsewhere", "here"], rows),
    )


def _default(value: object) -> str:
    if value in (MISSING, inspect.Parameter.empty, ...):
        return ""
    if value is None:
        return " (the size)"
    if isinstance(value, bool):
        return f" ({str(value).lower()})"
    return f" ({getattr(value, 'name', value)})"


def _type(hint: Any) -> str:
    names = {
        int: "a whole number",
        int | None: "a whole number",
        float: "a number",
        bool: "true or false",
        str: "text",
    }
    return names.get(hint, "an activation" if "Activation" in str(hint) else "a whole number")


def _interval(interval: Interval) -> str:
    low, high = interval
    if math.isinf(low) and math.isinf(high):
        return "any"
    return (
        f"{low:.4g} to {high:.4g}".replace("inf", "∞")
        if abs(low) > _TINY
        else f"0 to {high:g}".replace("inf", "∞")
    )
