"""The reverse pass of a spec's network: as a textbook would print it, or as code that passes the spec."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from gradcheck.errors import GradcheckError
from gradcheck.expr.blocks import REPEAT, Concat, Part
from gradcheck.expr.layout import lying
from gradcheck.expr.named import Lengths
from gradcheck.expr.structure import FIRST
from gradcheck.expr.tree import Apply, Axes, Name
from gradcheck.expr.writing.paper import Latex, Paper
from gradcheck.expr.writing.plain import Plain
from gradcheck.network.backward import adjoint
from gradcheck.network.code import Call, with_backward, write_function, write_functions
from gradcheck.network.draws import Draw
from gradcheck.network.model import Model
from gradcheck.network.records import (
    Equation,
    Loop,
    Network,
    Step,
    change_equations,
    equations_of,
    renamed,
)
from gradcheck.network.write import write_network
from gradcheck.report.symbols import in_latex, on_paper
from gradcheck.specification.records import Spec

TARGETS = ("y", "dout")
"""What layers are compared with, or given; of equations these are names like others."""


def equations(spec: Spec, *, latex: bool = False) -> str:
    """The equations of the adjoints, in the spec's notation, with how arrays lie where it writes code."""
    model = _model(spec)
    network = _asked(model, () if spec.model else TARGETS)
    if not latex and spec.notation.display.index.startswith("["):  # a notation that writes code
        return write_network(renamed(network, _symbols(spec)), Plain(), shapes=True)
    called = in_latex(spec.notation) if latex else on_paper(spec.notation)
    dialect = (Latex if latex else Paper)(symbol=called, length=_length(model))
    apart = [dialect.remark("the first row of W stands apart here, as b")] if _folded(spec) else []
    return "\n".join([*apart, write_network(network, dialect)])


def code(spec: Spec) -> str:
    """A NumPy file that passes the spec; GradcheckError where `run` is more than calls of functions."""
    if local := [spec.notation.symbol(name) for name in spec.check if "/" in name]:
        raise GradcheckError(f"{spec.path}: no code is written for local derivatives: {', '.join(local)}")
    model = _model(spec)
    whole = with_backward(model.network, model.upstream or None)
    for W, b in _folded(spec):
        whole = _with_bias(whole, W, b)
    sizes = {**model.sizes, "one": 1}
    whole = renamed(whole, _symbols(spec))
    if spec.contract.by_key:
        return _by_key(spec, whole, model, sizes)
    calls = [_call(line) for line in ast.parse(spec.contract.run).body]
    results = {name for call in calls for name in call.results}
    known = {*whole.layouts, *results}
    if unknown := [name for call in calls for name in call.arguments if name not in known]:
        raise GradcheckError(
            f"{spec.path}: `run` hands over {unknown[0]}, which is no quantity of the network"
        )
    return write_functions(whole, calls, sizes)


def _model(spec: Spec) -> Model:
    """The network, its arrays lying as the spec's notation has them, biases apart from weights."""
    if spec.model is not None:
        return spec.model
    model = spec.stack.model(spec.cases[0].batch, Draw("normal"))
    layouts = {n: spec.layered_notation.layout(n, axes) for n, axes in model.network.layouts.items()}
    return replace(model, network=_relaid(model.network, layouts))


def _folded(spec: Spec) -> list[tuple[str, str]]:
    """(W, b) of layers where the notation has the bias among the weights, in front of all others."""
    pairs = [] if spec.model else [spec.notation.unfolded([name]) for name in spec.stack.parameters]
    return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]


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


def _relaid(network: Network, layouts: Mapping[str, Axes]) -> Network:
    def laid(equation: Equation) -> Equation:
        return replace(equation, layout=layouts[equation.name])

    given = {name: lying(layouts[name]) for name in network.given}
    return Network(given, change_equations(network.steps, laid), network.gradients)


def _symbols(spec: Spec) -> dict[str, str]:
    """Canonical name -> name in `run`, where they differ."""
    if spec.model is not None:
        return {}
    notation = spec.layered_notation
    return {name: symbol for symbol, name in notation.symbols(spec.stack).items()}


def _asked(model: Model, targets: Iterable[str]) -> Network:
    """The reverse pass without the adjoints of targets and of what is drawn from whole numbers."""
    data = [name for name, how in model.draws.items() if how.discrete]
    without = {adjoint(name) for name in (*data, *targets)}
    steps = [s for s in model.backward.steps if isinstance(s, Loop) or s.name not in without]
    derived = [s for s in model.network.steps if _is_derived(s, model.network)]
    given = {name: layout for name, layout in model.backward.given.items() if name not in _names(derived)}
    return Network(given, (*derived, *steps))


def _is_derived(step: Step, network: Network) -> bool:
    """Whether a step is part of the reverse pass that a gradient among the equations is of."""
    if not network.gradients:
        return False
    return any(e.line == 0 or e.name in network.gradients for e in equations_of(step))


def _names(steps: Iterable[Step]) -> set[str]:
    return {e.name for step in steps for e in equations_of(step)}


def _length(model: Model) -> Callable[[str], str]:
    """What an axis's length is called: m is that of the samples."""
    return lambda axis: "m" if axis == model.samples else axis


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
                return Call(function, parameters, tuple(map(ast.unparse, targets)))
    raise GradcheckError(
        f"`run` does more than call functions of the submission's file, as in `{ast.unparse(line)}`: "
        "code is written for lines such as `dW, db = backward(x, y, W, b)`"
    )
