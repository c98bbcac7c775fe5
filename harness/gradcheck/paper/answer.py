"""∂C/∂W = ? answered: the reverse pass of what the text defines, in the text's letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from gradcheck.expr.layout import lying
from gradcheck.expr.structure import Rename
from gradcheck.expr.tree import Apply, Axes, Expr, Name, Size, rebuilt
from gradcheck.expr.writing.paper import Latex, Paper
from gradcheck.expr.writing.symbols import in_latex, with_greek
from gradcheck.formulas.tree import Claim, Derivative
from gradcheck.network.backward import adjoint, backward
from gradcheck.network.records import Equation, equations_of
from gradcheck.network.records import Network as Equations
from gradcheck.network.write import write_network
from gradcheck.paper.algebra import ONE, MeaningError
from gradcheck.paper.names import Key
from gradcheck.paper.network import Network

_LETTERS = "ijklpqrstuv"


def answer(network: Network, claim: Claim, *, latex: bool) -> tuple[str, ...]:
    """The equations of the derivative that a claim asks for, what they are made of first.

    Raises MeaningError where it asks for no derivative of a number by a name.
    """
    names = network.text.names
    asked = next((side for side in claim.sides if isinstance(side, Derivative)), None)
    of = names.reference(asked.of) if asked is not None and asked.of is not None else None
    by = names.reference(asked.by) if asked is not None else None
    if of is None or by is None or of.key not in network.definitions or network.shapes[of.key]:
        raise MeaningError("only the derivative of a number that the text defines is answered")
    equations = _equations(network)
    reverse = backward(equations, objective=str(of.key))
    wanted = adjoint(str(by.key))
    if wanted not in reverse.equations:
        raise MeaningError(f"the text does not say how {of.key} depends on {by.key}", kind="unknown")
    steps = tuple(step for step in reverse.steps if equations_of(step)[0].name in _behind(reverse, wanted))
    last = [step for step in steps if equations_of(step)[0].name == wanted]
    chosen = replace(reverse, steps=(*(step for step in steps if step not in last), *last))
    dialect = (Latex if latex else Paper)(symbol=_symbols(equations, of.key, latex=latex))
    return tuple(write_network(chosen, dialect).splitlines())


def _equations(network: Network) -> Equations:
    """The text's definitions as equations, the axes called by letters that indices are called by."""
    called = _Called()
    given = {
        str(key): called.layout(lying(network.shapes[key]))
        for key in network.text.inputs
        if key in network.shapes
    }
    steps = [
        Equation(str(key), called.expression(one), called.layout(lying(network.shapes[key])))
        for key, one in network.definitions.items()
        if key not in network.text.objectives
    ]
    return Equations(given, tuple(steps))


class _Called:
    """Axes by short names, each by its own."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def axis(self, axis: str) -> str:
        """A letter; the second axis of a square array keeps its prime."""
        bare = axis.rstrip("'")
        if bare == ONE:
            return axis
        if bare not in self.names:
            count = len(self.names)
            self.names[bare] = _LETTERS[count % len(_LETTERS)] + str(count // len(_LETTERS) or "")
        return self.names[bare] + axis[len(bare) :]

    def layout(self, axes: Axes) -> Axes:
        """The names of several."""
        return tuple(map(self.axis, axes))

    def expression(self, one: Expr) -> Expr:
        """The expression with all of its axes so called."""
        return rebuilt(one, self._node)

    def _node(self, node: Expr) -> Expr:
        match node:
            case Name():
                return replace(node, axes=self.layout(node.axes))
            case Size(axis):
                return replace(node, axis=self.axis(axis))
            case Apply(Rename(pairs)):
                return replace(node, operation=Rename(tuple((self.axis(a), self.axis(b)) for a, b in pairs)))
            case Apply():
                return replace(node, over=self.layout(node.over))
        return node


def _behind(reverse: Equations, name: str) -> set[str]:
    """The equations that one is made of."""
    found, waiting = set[str](), [name]
    while waiting:
        one = waiting.pop()
        if one in reverse.equations and one not in found:
            found.add(one)
            waiting += reverse.equations[one].expression.reads
    return found


def _symbols(equations: Equations, of: Key, *, latex: bool) -> Callable[[str], str]:
    """What quantities and their gradients are called."""
    gradients: Mapping[str, str] = {adjoint(name): name for name in equations.layouts}

    def plain(name: str) -> str:
        return in_latex(with_greek(name)) if latex else with_greek(name)

    def symbol(name: str) -> str:
        if name not in gradients or name in equations.layouts:
            return plain(name)
        above, below = plain(str(of)), plain(gradients[name])
        return rf"\frac{{\partial {above}}}{{\partial {below}}}" if latex else f"∂{above}/∂{below}"

    return symbol
