"""∂C/∂W = ? answered: the reverse pass of what the text defines, in the text's letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from gradcheck.expr.writing.paper import Latex, Paper
from gradcheck.expr.writing.symbols import in_latex, with_greek
from gradcheck.formulas.tree import Claim, Derivative
from gradcheck.network.backward import adjoint, backward
from gradcheck.network.records import Network as Equations
from gradcheck.network.records import equations_of
from gradcheck.network.write import write_network
from gradcheck.paper.names import Key
from gradcheck.paper.values.algebra import MeaningError
from gradcheck.paper.values.equations import equations
from gradcheck.paper.values.network import Network


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
    stated = equations(network).network
    reverse = backward(stated, objective=str(of.key))
    wanted = adjoint(str(by.key))
    if wanted not in reverse.equations:
        raise MeaningError(f"the text does not say how {of.key} depends on {by.key}", kind="unknown")
    steps = tuple(step for step in reverse.steps if equations_of(step)[0].name in _behind(reverse, wanted))
    last = [step for step in steps if equations_of(step)[0].name == wanted]
    chosen = replace(reverse, steps=(*(step for step in steps if step not in last), *last))
    dialect = (Latex if latex else Paper)(symbol=_symbols(stated, of.key, latex=latex))
    return tuple(write_network(chosen, dialect).splitlines())


def _behind(reverse: Equations, name: str) -> set[str]:
    """The equations that one is made of."""
    found, waiting = set[str](), [name]
    while waiting:
        one = waiting.pop()
        if one in reverse.equations and one not in found:
            found.add(one)
            waiting += reverse.equations[one].expression.reads
    return found


def _symbols(stated: Equations, of: Key, *, latex: bool) -> Callable[[str], str]:
    """What quantities and their gradients are called."""
    gradients: Mapping[str, str] = {adjoint(name): name for name in stated.layouts}

    def plain(name: str) -> str:
        return in_latex(with_greek(name)) if latex else with_greek(name)

    def symbol(name: str) -> str:
        if name not in gradients or name in stated.layouts:
            return plain(name)
        above, below = plain(str(of)), plain(gradients[name])
        return rf"\frac{{\partial {above}}}{{\partial {below}}}" if latex else f"∂{above}/∂{below}"

    return symbol
