"""The reverse pass of a spec's network, as a textbook would print it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from gradcheck.expr.layout import lying
from gradcheck.expr.tree import Axes
from gradcheck.expr.writing.paper import Latex, Paper
from gradcheck.expr.writing.plain import Plain
from gradcheck.network.backward import adjoint
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
    model = model_of(spec)
    network = _asked(model, () if spec.model else TARGETS)
    if not latex and spec.notation.display.writes_code:
        return write_network(renamed(network, symbols(spec)), Plain(), shapes=True)
    called = in_latex(spec.notation) if latex else on_paper(spec.notation)
    dialect = (Latex if latex else Paper)(symbol=called, length=_length(model))
    apart = [dialect.remark("the first row of W stands apart here, as b")] if folded(spec) else []
    return "\n".join([*apart, write_network(network, dialect)])


def model_of(spec: Spec) -> Model:
    """The network, its arrays lying as the spec's notation has them, biases apart from weights."""
    if spec.model is not None:
        return spec.model
    model = spec.stack.model(spec.cases[0].batch, Draw("normal"))
    layouts = {n: spec.layered_notation.layout(n, axes) for n, axes in model.network.layouts.items()}
    return replace(model, network=_relaid(model.network, layouts))


def folded(spec: Spec) -> list[tuple[str, str]]:
    """(W, b) of layers where the notation has the bias among the weights, in front of all others."""
    pairs = [] if spec.model else [spec.notation.unfolded([name]) for name in spec.stack.parameters]
    return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]


def _relaid(network: Network, layouts: Mapping[str, Axes]) -> Network:
    def laid(equation: Equation) -> Equation:
        return replace(equation, layout=layouts[equation.name])

    given = {name: lying(layouts[name]) for name in network.given}
    return Network(given, change_equations(network.steps, laid), network.gradients)


def symbols(spec: Spec) -> dict[str, str]:
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
