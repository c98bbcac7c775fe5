"""Random networks: texts of equations with sharing, branches, couplings, loops and square parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.adjoint import kinks
from gradcheck.expr.by_numpy import evaluate
from gradcheck.expr.layout import UNNAMED
from gradcheck.expr.named import Lengths, Named
from gradcheck.expr.tree import Axes, axis_of
from gradcheck.network.forward import run
from gradcheck.network.lengths import misfits
from gradcheck.network.read import EquationsError, read_network
from gradcheck.network.records import Network, named

LINES = (
    *(f"{f}({{a}})" for f in ("tanh", "sigmoid", "softplus", "sin", "arctan", "gelu", "silu", "tanh", "-")),
    *("{a} + {b}", "{a} - {b}", "tanh({a} * {b})", "{a} / (1 + {b}^2)", "tanh({a}) * sigmoid({b})"),
    *("tanh({a} @ {b})", "{a}.T", "tanh({a} @ {b}.T)", "tanh({a}.T @ {b})", "tanh({a} @ ({b} @ {b}.T))"),
    *("softmax({a}, {s})", "{a} - mean({a}, {s})", "log_softmax({a}, {s}) / 4", "cumsum({a}, {s}) / 4"),
    *("sum({a}, {s}) / size({s})", "logsumexp({a}, {s})", "mean({a}, {s}, {r})"),
    "sum({a} * {b}, {s}, {r}) / 9",
    "({a} - mean({a}, {s})) / sqrt(mean(({a} - mean({a}, {s}))^2, {s}) + 0.1)",
    *("sum({a} * {b}, {s}) / 4", "sum({a} * {b} * {c}, {s}) / 4", "sum(tanh({a}) * softmax({b}, {s}), {s})"),
    *("sum(log_softmax({a}, {s}) + softmax({b}, {s}), {s}) / 9", "sum(cumsum(tanh({a}), {s}), {s}, {r}) / 9"),
    *("sum({b} * windows({a}, h, p, i), i)", "windows({a}, h, p, i)", "overlap({a} * {b}, p, i, h)"),
    *("tanh(concat({a}, {b}, v))", "part({a}, v, u, -1) * {b}", "pad({a}, d, v) + {b}", "repeat({a}, {s})"),
    *("tanh(flatten({a}, d, u, f))", "unflatten({a}, f, u, d)", "rename({a}, {s}, {r})"),
    *("where({b} > {a}, 0.5, 1) * {a}", "first({a}, T)", "previous({a}, {b}, T)", "2", "flip({a}, {s})"),
    *("max({a}, {s})", "max(0, {a})"),
)  # fmt: skip
"""Right sides, of quantities a, b, c and axes s, r. What has no meaning is refused, and drawn anew."""

LOOPS = (
    "z[t] = x[t] @ W + h[t-1] @ U\n  h[t] = tanh(z[t])",
    "z[t] = sigmoid(x[t] @ W + h[t-1] @ U)\n  h[t] = z[t] * h[t-1] + (1 - z[t]) * tanh(x[t] @ W)",
    "z[t] = sigmoid(h[t-1] @ U.T) * z[t-1] + tanh(x[t] @ W)\n  h[t] = tanh(z[t])",
    "h[t] = softmax(x[t] @ W + h[t-1], n)",
    "z[t] = mean(h[t-1], n)\n  h[t] = tanh(x[t] @ W + z[t] @ U + f)",
    "z[t] = x[t] - x[t-1] / 2\n  h[t] = sin(z[t] @ W) * f + h[t-1] / 2",
    "z[t] = tanh(x[t] @ W)\n  h[t] = (z[t] + z[t-1] * h[t-1]) / 2",
)


@dataclass(frozen=True)
class Drawn:
    """A network, how long its axes are, and what is given."""

    text: str
    network: Network
    lengths: Lengths
    given: Mapping[str, Array]
    upstream: Mapping[str, Array] | None
    """u -> du of those that are given an upstream gradient; None where there is J."""


def draw_network(rng: np.random.Generator) -> Drawn:
    """A network of 3 to 40 equations, of which none has a kink where it is drawn."""
    while True:
        drawn = _Author(rng).write(int(rng.integers(3, 41)))
        if _nearest_kink(drawn) > 1e-6:
            return drawn


def _nearest_kink(drawn: Drawn) -> float:
    """0 where an equation compares a quantity with itself: the rules then take one side's derivative."""
    network = drawn.network
    axes = {name: named(layout) for name, layout in network.given.items()}
    shapes = {name: [drawn.lengths[axis_of(axis)] for axis in axes[name]] for name in axes}
    given = {name: Named(array.reshape(shapes[name]), axes[name]) for name, array in drawn.given.items()}
    with np.errstate(all="ignore"):
        values = run(network, given, drawn.lengths)
        limits = [kink for e in network.equations.values() for kink in kinks(e.expression)]
        near = [np.abs(evaluate(kink, values, drawn.lengths).array).min(initial=np.inf) for kink in limits]
    return float(min(near, default=np.inf))


@dataclass
class _Author:
    """Writes equations one after the other, each of quantities that there are."""

    rng: np.random.Generator
    given: dict[str, Axes] = field(default_factory=dict)
    made: dict[str, Axes] = field(default_factory=dict)
    """Quantity -> how it lies."""
    lines: list[str] = field(default_factory=list)
    firsts: set[str] = field(default_factory=set)
    """Quantities of which is said what stands before the first entry."""

    def __post_init__(self) -> None:
        lengths = {axis: int(self.rng.integers(1, 5)) for axis in "nduTpi"}
        self.lengths = lengths | {
            "h": lengths["p"] + lengths["i"] - 1,
            "v": lengths["d"] + lengths["u"],
            "f": lengths["d"] * lengths["u"],
        }

    def write(self, count: int) -> Drawn:
        while len(self.made) < count - 1:
            if self.rng.random() < 0.3:
                self._give()
            if self.rng.random() < 0.1:
                self._loop()
            else:
                self._line()
        upstream = None if self.rng.random() < 0.5 else self._few(self.made)
        if upstream is None:
            self._keep("J = " + " + ".join(map(self._number, self._few(self.made))))
        text = "\n".join(self.lines)
        network = read_network(text, self.given, self.lengths)
        arrays = {name: self._array(layout) for name, layout in network.given.items()}
        ups = None if upstream is None else {u: self._array(network.layouts[u]) for u in upstream}
        return Drawn(text, network, self.lengths, arrays, ups)

    def _few(self, names: Mapping[str, Axes]) -> list[str]:
        count = min(len(names), int(self.rng.integers(1, 4)))
        return [str(name) for name in self.rng.choice(list(names), count, replace=False)]

    def _number(self, name: str) -> str:
        """A number made of a quantity."""
        axes = [axis for axis in self.made[name] if axis != UNNAMED]
        if any(axis != axis_of(axis) for axis in axes):
            return "0.5"
        return f"mean(sin({name}) + {name}^2, {', '.join(axes)})" if axes else f"sin({name})"

    def _array(self, layout: Axes) -> Array:
        return self.rng.normal(size=[1 if a == UNNAMED else self.lengths[axis_of(a)] for a in layout])

    def _give(self, *layout: str) -> str:
        """A given quantity that lies so: an earlier one, or a new one."""
        if not layout:
            count = int(self.rng.integers(1, 4))
            layout = tuple(str(a) for a in self.rng.choice(list(self.lengths), count, replace=False))
            layout = (layout[0], layout[0]) if self.rng.random() < 0.2 else layout
            layout = (*layout, UNNAMED) if len(layout) == 1 and self.rng.random() < 0.3 else layout
        same = [name for name, axes in self.given.items() if axes == layout]
        if same and self.rng.random() < 0.5:
            return str(self.rng.choice(same))
        name = f"w{len(self.given)}"
        self.given[name] = layout
        return name

    def _line(self) -> None:
        known = [*self.made, *self.given] or [self._give()]
        a, b, c = self.rng.choice(known[:20] if self.rng.random() < 0.3 else known, 3)
        alike = [axis for axis in {**self.given, **self.made}[a] if axis in self.lengths]
        s, r = self.rng.choice(alike or list(self.lengths)), self.rng.choice(list(self.lengths))
        right = str(self.rng.choice(LINES)).format(a=a, b=b, c=c, s=s, r=r)
        self._keep(f"q{len(self.made)} = {right}")

    def _loop(self) -> None:
        """A recurrence, each letter of it replaced by a quantity's name."""
        body = str(self.rng.choice(LOOPS))
        known = {**self.given, **self.made}
        inputs = [
            q for q, layout in known.items() if len(layout) == 3 and layout[0] == "n" and layout[1] == "T"
        ]
        x = str(self.rng.choice(inputs)) if inputs and self.rng.random() < 0.7 else self._give("n", "T", "d")
        last = {**self.given, **self.made}[x][-1]
        k = len(self.made)
        names = {"x": x, "W": self._give(last, "u"), "U": self._give("u", "u"), "f": self._give("n", "u")}
        names |= {"z": f"q{k}", "h": f"q{k + 1}"} if "z" in body else {"h": f"q{k}"}
        firsts = [letter for letter in "zhx" if f"{letter}[t-1]" in body]
        text = "".join(
            f"{letter}[-1] = {self._give('n', last) if letter == 'x' else 'f'}\n" for letter in firsts
        )
        text += f"for t in T:\n  {body}"
        self._keep(re.sub(r"\b[xWUfzh]\b", lambda match: names.get(match[0], match[0]), text))

    def _keep(self, text: str) -> None:
        """The equations, if they mean anything beside those before, and are not too large."""
        try:
            network = read_network(text, {**self.given, **self.made}, self.lengths)
        except EquationsError:
            return
        firsts = set(re.findall(r"(\w+)\[-1\]", text))
        if firsts & self.firsts:
            return
        layouts = {name: equation.layout for name, equation in network.equations.items()}
        fit = not any(misfits(network, self.lengths, {}))
        if fit and all(len(layout) <= 4 for layout in layouts.values()):
            self.lines.append(text)
            self.firsts |= firsts
            self.made |= layouts
