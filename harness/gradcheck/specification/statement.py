"""A network that a sheet states in equations: its axes, its arrays, its equations, what is differentiated."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from math import prod
from typing import Any

from gradcheck.expr.along import SUM
from gradcheck.expr.errors import ExprError
from gradcheck.expr.layout import UNNAMED
from gradcheck.expr.named import Lengths
from gradcheck.expr.simplify import factors
from gradcheck.expr.tree import Apply, Axes, Expr, axis_of
from gradcheck.network.draws import CLASSES, Draw
from gradcheck.network.lengths import misfits, unwhole
from gradcheck.network.model import Model
from gradcheck.network.penalty import penalised
from gradcheck.network.read import EquationsError, read_network
from gradcheck.network.records import Equation, Network, named
from gradcheck.specification.calling import NO_VARIABLE, is_variable
from gradcheck.specification.complaint import listed, short, suggestion
from gradcheck.specification.language import Sheet
from gradcheck.specification.network_language import Equations, Quantity
from gradcheck.specification.quantity import split
from gradcheck.specification.yaml_text import Mark, Source, Where

MOST_NUMBERS, MOST_OF_PART = 1_000_000, 10_000_000
"""In the array of a quantity, and of what an equation makes on the way to one."""
TEXT: Where = ("network", "equations")


def stated(source: Source, sheet: Sheet) -> dict[str, Any] | None:
    """The model as plain data, for `built`; None where it can't be built, with complaints."""
    before = len(source.complaints)
    _refuse_keys_of_layers(source, sheet)
    net = sheet.network
    arrays = _arrays(source, sheet)
    for name, layout in net.layout.items():
        check_axes(source, ("network", "layout", name), layout, net.sizes)
    _check_samples(source, sheet)
    if len(source.complaints) > before:
        _complain_of_equations(source, sheet, arrays)
        return None
    data = {
        "sizes": dict(net.sizes),
        "given": {name: [str(axis) for axis in array.axes] for name, array in arrays.items()},
        "draws": {name: asdict(_draw(array, sheet, name)) for name, array in arrays.items()},
        "parameters": list(net.parameters),
        "equations": net.equations,
        "layout": {name: [str(axis) for axis in layout] for name, layout in net.layout.items()},
        "upstream": [],
        "samples": net.samples,
        "penalty": _penalty(source, sheet),
    }
    try:
        model = built(data)
    except EquationsError as error:
        for fault in error.faults:
            complain_of_text(source, TEXT, net.equations, fault)
        return None
    for equation, reason in unwhole(model.network, model.draws):
        complain_of(source, net, equation, reason)
    for equation in model.network.equations.values():
        if equation.line and not is_variable(equation.name):
            complain_of(source, net, equation, f"{equation.name!r} {NO_VARIABLE}")
    check_layouts(source, ("network", "layout"), net.layout, model.network)
    if data["penalty"] and model.network.gradients:
        advice = "write the penalty into the equation of J"
        source.complain(("penalty",), "a gradient among the equations would be of J without it", advice)
    data["upstream"] = _upstream(source, sheet, model)
    return data if len(source.complaints) == before else None


def built(data: Mapping[str, Any]) -> Model:
    """The model from plain data; EquationsError with all faults of its equations."""
    given = {name: tuple(axes) for name, axes in data["given"].items()}
    network = read_network(data["equations"], given, data["sizes"].keys(), data["layout"])
    if data["penalty"]:
        network = penalised(network, **data["penalty"], samples=data["samples"])
    return Model(
        network=network,
        sizes=data["sizes"],
        draws={name: Draw(**how) for name, how in data["draws"].items()},
        parameters=frozenset(data["parameters"]),
        upstream=tuple(data["upstream"]),
        samples=data["samples"],
    )


def _refuse_keys_of_layers(source: Source, sheet: Sheet) -> None:
    for key in ("loss", "reduction", "labels", "targets", "letters", "numbers"):
        if (key,) in source.places and getattr(sheet, key):
            advice = {
                "loss": "write it as an equation: J = ...",
                "reduction": "write it in the equation of J",
            }
            message = f"{key} is for networks of layers"
            source.complain((key,), message, advice.get(key, "leave it out"), key=True)


def _arrays(source: Source, sheet: Sheet) -> dict[str, Quantity]:
    """The arrays that are given, as far as they are stated soundly."""
    net, arrays = sheet.network, {}
    for group in ("inputs", "parameters"):
        for name, value in getattr(net, group).items():
            where: Where = ("network", group, name)
            before = len(source.complaints)
            _check_array(source, sheet, where, name, quantity_of(value))
            if group == "parameters" and name in net.inputs:
                source.complain(
                    where, f"{name} is an input already", "give one of them another name", key=True
                )
            if len(source.complaints) == before:
                arrays[name] = quantity_of(value)
    return arrays


def _complain_of_equations(source: Source, sheet: Sheet, arrays: Mapping[str, Quantity]) -> None:
    """Complain about equations where arrays are at fault, too, but of nothing that follows from those."""
    net = sheet.network
    given = {name: tuple(map(str, array.axes)) for name, array in arrays.items()}
    broken = {*net.inputs, *net.parameters} - arrays.keys()
    try:
        read_network(net.equations, given, net.sizes.keys(), broken=broken)
    except EquationsError as error:
        for fault in error.faults:
            complain_of_text(source, TEXT, net.equations, fault)


def quantity_of(value: Any) -> Quantity:
    """An array that is given, of its axes alone, too."""
    return value if isinstance(value, Quantity) else Quantity(axes=value)


def axes_at(source: Source, where: Where) -> Where:
    """Where the axes of the array there stand: under their key, or as all that is said of it."""
    key = (*where, "axes")
    return key if key in source.places else where


def _check_array(source: Source, sheet: Sheet, where: Where, name: str, array: Quantity) -> None:
    if not is_variable(name):
        source.complain(where, f"{short(name)!r} {NO_VARIABLE}", key=True)
    if not check_axes(source, axes_at(source, where), array.axes, sheet.network.sizes):
        return
    kind, whole = array.draw, not isinstance(array.draw, str)
    axes = [str(axis) for axis in array.axes if axis != 1]
    if array.over is not None and array.over not in sheet.network.sizes:
        _no_axis(source, (*where, "over"), array.over, sheet.network.sizes)
    elif array.over is not None and (whole or kind not in (*CLASSES, "labels", "integers")):
        source.complain((*where, "over"), "what is drawn so goes over no axis", "leave over out", key=True)
    elif array.over is not None and kind in CLASSES and array.over not in axes:
        message = f"{array.over} is no axis of {name}"
        source.complain((*where, "over"), message, suggestion(array.over, axes))
    elif kind in CLASSES and _over(array, sheet) is None:
        message = f"{kind} goes over one axis, and {name} has the axes {listed(axes) or 'none'}"
        advice = f"say which, as in over: {axes[-1]}" if axes else "give it an axis, or draw another"
        source.complain((*where, "draw"), message, advice)
    elif kind in ("labels", "integers") and array.over is None:
        source.complain((*where, "draw"), f"how many {kind} there are is not said", f"as in {{{kind}: 10}}")
    elif whole:
        _check_whole(source, sheet, where, array)


def _check_whole(source: Source, sheet: Sheet, where: Where, array: Quantity) -> None:
    counts = {kind: count for kind, count in vars(array.draw).items() if count is not None}
    if len(counts) != 1:
        source.complain((*where, "draw"), "draw takes one of labels and integers", "as in {labels: 10}")
    for kind, count in counts.items():
        if isinstance(count, str) and count not in sheet.network.sizes:
            _no_axis(source, (*where, "draw", kind), count, sheet.network.sizes)


def check_axes(source: Source, where: Where, axes: list[Any], known: Collection[str]) -> bool:
    """Whether an array's axes are known ones, and none stands there three times; else with complaints."""
    sound = True
    for number, axis in enumerate(axes):
        if axis != 1 and axis not in known:
            _no_axis(source, (*where, number), axis, known)
            sound = False
        elif axes[:number].count(axis) > 1 and axis != 1:
            source.complain((*where, number), f"{axis} stands here three times, and twice is the most")
            sound = False
    return sound


def _no_axis(source: Source, where: Where, axis: str, known: Collection[str]) -> None:
    """Complain about an axis that is not among those known."""
    source.complain(where, f"{short(axis)} is no axis of sizes", suggestion(axis, known))


def check_layouts(source: Source, where: Where, layouts: Collection[str], network: Network) -> None:
    """Complain about layouts of what no equation makes."""
    for name in layouts:
        if name in network.given:
            source.complain((*where, name), f"{name} lies as its axes are listed", "leave it out", key=True)
        elif name not in network.equations:
            meant = suggestion(name, network.equations)
            source.complain((*where, name), f"no equation makes {short(name)}", meant, key=True)


def _check_samples(source: Source, sheet: Sheet) -> None:
    where: Where = ("network", "samples")
    if where in source.places and sheet.network.samples not in sheet.network.sizes:
        _no_axis(source, where, sheet.network.samples, sheet.network.sizes)
    for axis in sheet.network.sizes:
        if not axis.isidentifier():
            source.complain(("network", "sizes", axis), f"{short(axis)!r} can't name an axis", key=True)


def _over(array: Quantity, sheet: Sheet) -> str | None:
    """The axis along which there is one class."""
    axes = [str(axis) for axis in array.axes if axis != 1]
    if array.over is not None:
        return array.over if array.over in axes else None
    others = [axis for axis in axes if axis != sheet.network.samples]
    return others[0] if len(others) == 1 else None


def _draw(array: Quantity, sheet: Sheet, name: str) -> Draw:
    if not isinstance(array.draw, str):
        ((kind, below),) = ((kind, count) for kind, count in vars(array.draw).items() if count is not None)
        return Draw(kind, below=below)
    if array.draw in ("labels", "integers"):
        return Draw(array.draw, below=array.over)
    if array.draw in CLASSES:
        return Draw(array.draw, over=_over(array, sheet))
    learnt = name in sheet.network.parameters and array.draw == "normal"
    return Draw("weights" if learnt else array.draw)


def _penalty(source: Source, sheet: Sheet) -> dict[str, Any] | None:
    term = sheet.penalty
    if term is None:
        return None
    given = {norm: value for norm, value in (("l1", term.l1), ("l2", term.l2)) if value is not None}
    if len(given) != 1:
        source.complain(("penalty",), "penalty takes one of l1 and l2", "as in {l2: 0.1, constant: lambda/2}")
        return None
    parameters = list(sheet.network.parameters)
    letters = dict.fromkeys(split(name)[0] for name in parameters)
    for number, name in enumerate(term.of or []):
        if name not in letters and name not in parameters:
            source.complain(
                ("penalty", "of", number), f"there is no parameter {name}", suggestion(name, parameters)
            )
    covered = term.of or [letter for letter in letters if letter.startswith(("W", "w"))]
    ((norm, strength),) = given.items()
    names = [name for name in parameters if name in covered or split(name)[0] in covered]
    return {"norm": norm, "strength": strength, "constant": term.constant, "names": names}


def _upstream(source: Source, sheet: Sheet, model: Model) -> list[str]:
    made = model.network.equations
    for number, name in enumerate(sheet.upstream):
        if name not in made:
            message = f"no equation makes {short(name)}"
            source.complain(("upstream", number), message, suggestion(name, made))
    if "J" in made:
        if sheet.upstream:
            source.complain(
                ("upstream",), "an equation makes J: there is no upstream gradient", "leave it out"
            )
        if named(made["J"].layout):
            axes = listed(map(axis_of, named(made["J"].layout)))
            reason = f"J is a single number, and this has the axes {axes}: sum or average over them"
            complain_of(source, sheet.network, made["J"], reason)
        return []
    if sheet.penalty is not None:
        source.complain(("penalty",), "a penalty is added to J, and no equation makes J", "add J = ...")
    return list(sheet.upstream) or [list(made)[-1]]


def line_span(text: str, line: int) -> tuple[int, int]:
    """Where what stands on a line of a text begins."""
    lines = text.split("\n")
    start = sum(len(one) + 1 for one in lines[: line - 1])
    start += len(lines[line - 1]) - len(lines[line - 1].lstrip())
    return start, start + 1


def check_numbers(source: Source, sheet: Sheet, model: Model) -> None:
    """Complain about arrays that are too large, in the network's sizes and in those of each case."""
    cases: list[tuple[Where, Mapping[str, int]]] = [(("network", "sizes"), {})]
    cases += [(("cases", n, "sizes"), case.sizes) for n, case in enumerate(sheet.cases or []) if case.sizes]
    for where, sizes in cases:
        lengths = {**model.sizes, **sizes}
        for _, reason in misfits(model.network, lengths, model.draws):
            source.complain(where, reason)
        if message := _too_many(model.network, lengths):
            source.complain(where, message, "take smaller sizes")


def _too_many(network: Network, lengths: Lengths) -> str | None:
    """What is said of the first array that has too many numbers."""
    arrays = [(name, axes, MOST_NUMBERS) for name, axes in network.layouts.items()]
    for name, equation in network.equations.items():
        arrays += [(f"a part of {name}", axes, MOST_OF_PART) for axes in _parts(equation.expression)]
    for name, axes, most in arrays:
        count = prod(lengths[axis_of(axis)] for axis in axes if axis != UNNAMED)
        if count > most:
            return f"{name} would have {count:,} numbers, and {most:,} are the most"
    return None


def _parts(expression: Expr) -> Iterator[Axes]:
    """The axes of the arrays that are made for it: of a product that is summed there is none."""
    if isinstance(expression, Apply):
        yield expression.axes
        summed = expression.operation is SUM
        for part in factors(expression.arguments[0]) if summed else expression.arguments:
            yield from _parts(part)


def complain_of(source: Source, net: Equations, equation: Equation, reason: str) -> None:
    """Complain about an equation as a whole."""
    span = line_span(net.equations, equation.line)
    complain_of_text(source, TEXT, net.equations, ExprError(reason, span))


def complain_of_text(source: Source, where: Where, text: str, fault: ExprError) -> None:
    """Complain about a span of the equations there, at its line and column of the file."""
    start = source.places[where].value
    line = text.count("\n", 0, fault.span[0])
    column = fault.span[0] - (text.rfind("\n", 0, fault.span[0]) + 1)
    if start.style == "|":
        number = min(start.line + 1 + line, len(source.lines))
        lines = text.split("\n")
        indent = len(source.lines[number - 1]) - len(lines[line]) if line < len(lines) else 0
        source.complain_at(Mark(number, max(1, indent + column + 1)), fault.reason)
    elif start.style == ">" or line:
        source.complain_at(start, fault.reason)
    else:
        source.complain_at(Mark(start.line, start.column + bool(start.style) + column), fault.reason)
