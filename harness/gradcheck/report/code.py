"""The reverse pass of a spec's network, as code that passes the spec."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import replace

from gradcheck.errors import GradcheckError
from gradcheck.expr.blocks import REPEAT, Concat, Part
from gradcheck.expr.named import Lengths
from gradcheck.expr.simplify import product
from gradcheck.expr.structure import FIRST
from gradcheck.expr.tree import Apply, Expr, Name, substituted
from gradcheck.network.backward import adjoint
from gradcheck.network.code import Call, Style, with_backward, write_function, write_functions
from gradcheck.network.graph import readers
from gradcheck.network.local import rule
from gradcheck.network.model import Model
from gradcheck.network.records import (
    Equation,
    Loop,
    Network,
    Step,
    named,
    renamed,
)
from gradcheck.quantity import Quantity
from gradcheck.report import textbook
from gradcheck.report.backward import folded, model_of, symbols
from gradcheck.specification.records import Spec


def code(spec: Spec) -> str:
    """A NumPy file that passes the spec.

    Raises GradcheckError where `run` is more than calls of functions, or gives labels for one-hot targets.
    """
    if spec.labels:
        raise GradcheckError(
            f"{spec.path}: no code is written where `labels: true` gives the numbers of the classes; "
            "write it for a copy without that line, and begin with y = np.eye(CLASSES)[y]"
        )
    model = model_of(spec)
    whole = _as_taught(spec, model)
    for name in spec.check if spec.model is None else ():
        whole = _with_local(spec, whole, spec.stack.quantities.get(name))
    for W, b in folded(spec):
        whole = _with_bias(whole, W, b)
    sizes = {**model.sizes, "one": 1}
    called = symbols(spec)
    whole = renamed(whole, called)
    if spec.contract.by_key:
        return _by_key(spec, whole, model, sizes)
    calls = _returning(spec, calls_of(spec), whole)
    results = {name for call in calls for name in call.results}
    known = {*whole.layouts, *results}
    if unknown := [name for call in calls for name in call.arguments if name not in known]:
        raise GradcheckError(
            f"{spec.path}: `run` hands over {unknown[0]}, which is no quantity of the network"
        )
    gradients = [called.get(adjoint(name), adjoint(name)) for name in model.network.layouts]
    gradients += [f"{name}_patches" for name in gradients]
    counts = {model.samples: "m"} if model.samples else {}
    counts |= {step.axis: "T" for step in whole.steps if isinstance(step, Loop)}
    counts = {axis: letter for axis, letter in counts.items() if letter not in known}
    return write_functions(whole, calls, sizes, Style(counts, gradients))


def _as_taught(spec: Spec, model: Model) -> Network:
    """The network with its reverse pass, in lines that people write."""
    if spec.model is not None:
        return with_backward(model.network, model.upstream or None)
    stack, notation = spec.stack, spec.layered_notation
    if stack.loss.name == "none":
        whole = textbook.with_upstream_ones(model.network, stack.out)
    else:
        whole = with_backward(model.network, model.upstream or None)
    asked = (*spec.check, *spec.accept, *spec.contract.given)
    whole = textbook.with_difference(whole, stack, asked)
    if "dz" in notation.letters and "da" not in notation.letters:
        deltas = [name for name in whole.equations if name.startswith("dz")]
        whole = textbook.merged(whole, deltas, asked)
    if model.samples and all(plan.batch == 1 for plan in spec.cases):
        whole = textbook.of_one_example(whole, model.samples)
    return textbook.in_images(whole)


def _returning(spec: Spec, calls: Sequence[Call], whole: Network) -> list[Call]:
    """The calls, where what is no quantity and goes nowhere is the output of the forward pass: h."""
    if spec.model is not None:
        return list(calls)
    out = spec.notation.symbol(spec.stack.out)
    handed_on = {name for call in calls for name in call.arguments}
    several = list[Call]()
    for call in calls:
        results = [
            out if name not in whole.layouts and name not in handed_on else name for name in call.results
        ]
        several.append(replace(call, results=tuple(results)))
    return several


def calls_of(spec: Spec) -> list[Call]:
    """The calls of functions that `run` is; GradcheckError where it is more."""
    return [_call(line) for line in ast.parse(spec.contract.run).body]


def _with_bias(network: Network, W: str, b: str) -> Network:
    """The same, of weights that have the bias of each unit in front; all others have a name of their own."""
    axis, unit = network.given[W]
    whole = Name(W, (f"{axis}_and_1", unit))
    rest, bias = Name(f"{W}_rest", (axis, unit)), Name(b, (unit,))
    taken = (
        Equation(rest.text, Apply(Part(-1), (whole,), (*whole.axes[:1], axis)), rest.axes),
        Equation(bias.text, Apply(FIRST, (whole,), whole.axes[:1]), bias.axes),
    )
    names = {W: rest.text, adjoint(W): adjoint(rest.text)}
    made = renamed(Network({}, network.steps), names)
    if adjoint(W) not in network.equations:
        steps = (*taken, *made.steps)
    else:
        row = Apply(REPEAT, (replace(bias, text=adjoint(b)),), ("one",))
        both = Apply(Concat(), (row, replace(rest, text=adjoint(rest.text))), ("one", axis, whole.axes[0]))
        steps = (*taken, *made.steps, Equation(adjoint(W), both, whole.axes))
    given = {name: layout for name, layout in network.given.items() if name != b}
    return Network({**given, W: whole.axes}, steps)


def _with_local(spec: Spec, network: Network, local: Quantity | None) -> Network:
    """The same, with an equation of a local derivative, which the gradient that it is a factor of reads."""
    if local is None or local.of is None:
        return network
    of, by = local.of.name, local.value.name
    if (made := rule(network, of, by)) is None:
        symbol = spec.notation.symbol(local.name)
        raise GradcheckError(f"{spec.path}: no code is written for {symbol}, a matrix for each example")
    factor = Name(local.name, named(made.layout))

    def by_factor(back: Equation) -> Expr:
        if isinstance(made.expression, Name):  # what weights are multiplied by
            return substituted(back.expression, {made.expression.text: factor})
        alone = [e.name for e in readers(spec.stack.network, by)] == [of]
        return product(network.quantity(adjoint(of)), factor) if alone else back.expression

    steps: list[Step] = []
    for step in network.steps:
        if isinstance(step, Equation) and step.name == adjoint(by):
            steps += [replace(made, name=local.name), replace(step, expression=by_factor(step))]
        else:
            steps.append(step)
    return Network(network.given, tuple(steps))


def _by_key(spec: Spec, whole: Network, model: Model, sizes: Lengths) -> str:
    """`backprop(params, x, y)`, which returns a dictionary, around a function of arrays."""
    results = [spec.notation.symbol(name) for name in spec.check]
    inner = write_function(whole, results, "gradients", lengths=sizes)
    match = re.search(r"^def gradients\((.*)\):$", inner, re.MULTILINE)
    assert match is not None
    parameters = [spec.notation.symbol(name) for name in model.network.given if name in model.parameters]
    inputs = [name for name in spec.contract.names if name not in parameters]
    arguments = [f'params["{name}"]' if name in parameters else name for name in match[1].split(", ")]
    keys = ", ".join(f'"{name}"' for name in results)
    call = f"gradients({', '.join(arguments)})"
    values = call if len(results) > 1 else f"[{call}]"
    return (
        f"{inner}\n\ndef backprop(params, {', '.join(inputs)}):\n    return dict(zip([{keys}], {values}))\n"
    )


def _call(line: ast.stmt) -> Call:
    """A line of `run` as the call that it is."""
    match line:
        case ast.Assign(
            targets=[target], value=ast.Call(func=ast.Name(function), args=args, keywords=keywords)
        ):
            targets = target.elts if isinstance(target, ast.Tuple) else [target]
            given = [
                (name.id if isinstance(name, ast.Name) else f"constant{n}", name)
                for n, name in enumerate(args)
            ]
            given += [(word.arg or "", word.value) for word in keywords]
            called = [isinstance(value, ast.Name | ast.Constant) and word != "" for word, value in given]
            if all(called) and all(isinstance(name, ast.Name) for name in targets):
                parameters = {word: v.id if isinstance(v, ast.Name) else None for word, v in given}
                named = frozenset(word for word, _ in given[len(args) :])
                numbers = ((word, v.value) for word, v in given if isinstance(v, ast.Constant))
                constants = {word: number for word, number in numbers if type(number) is int}
                return Call(function, parameters, tuple(map(ast.unparse, targets)), named, constants)
    raise GradcheckError(
        f"`run` does more than call functions of the submission's file, as in `{ast.unparse(line)}`: "
        "code is written for lines such as `dW, db = backward(x, y, W, b)`"
    )
