"""The reverse pass of a network, as equations again.

Every quantity q that the objective depends on has an adjoint dq: the sum of what comes back to it, a term for
each place where an equation reads it. What an equation hands back follows from the rules of its operations
(`expr/adjoint.py`), so the reverse pass of any network follows from its equations alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from typing import TypeAlias

from gradcheck.expr.adjoint import adjoints
from gradcheck.expr.simplify import sum_of
from gradcheck.expr.tree import ONE, Expr, Name
from gradcheck.network.records import Equation, Loop, Network, Step, equations_of, named

Terms: TypeAlias = defaultdict[str, list[Expr]]
"""Quantity -> what comes back to it."""


def adjoint(name: str) -> str:
    """The name of a quantity's adjoint."""
    return f"d{name}"


def title(name: str, given: Container[str]) -> str:
    """The name of the equation of a quantity's adjoint, in a reverse pass over what is given.

    That is its adjoint's name, unless what is given has that name: an upstream gradient, or a quantity of the
    reverse pass that this one is of.
    """
    total = name
    while adjoint(total) in given or (total != name and total in given):
        total = f"{total}_total"
    return adjoint(total)


def backward(
    network: Network, upstream: Iterable[str] | None = None, *, objective: str = "J", by_name: bool = False
) -> Network:
    """The network of adjoints, on the way back from the objective or from the quantities under `upstream`.

    Its given quantities are all of the network's and, of an upstream quantity q, the gradient dq that comes
    from what follows. The adjoint of an input or a parameter stands behind the last equation that adds to it.
    An adjoint that is 1 or given is handed on as that, or `by_name`, so that a change of it reaches all.
    """
    terms: Terms = defaultdict(list)
    given = dict(network.layouts)
    if upstream is None:
        terms[objective].append(ONE)
    for name in upstream or ():
        given[adjoint(name)] = network.layouts[name]
        terms[name].append(Name(adjoint(name), named(network.layouts[name])))
    steps: list[Step] = []
    firsts = _first_readers(network)
    for number, step in reversed(list(enumerate(network.steps))):
        if isinstance(step, Loop):
            steps += _looped(step, terms, given)
        elif step.name in terms:
            steps += _passed(step, terms, given, objective, by_name)
        ends = [name for name in firsts[number] if name in terms]
        steps += [_equation(name, terms[name], network.layouts[name], given) for name in ends]
    return Network(given, tuple(steps))


def _first_readers(network: Network) -> dict[int, list[str]]:
    """What is given, by the number of the first step that reads it."""
    firsts: dict[int, list[str]] = defaultdict(list)
    unread = list(network.given)
    for number, step in enumerate(network.steps):
        read = {name for equation in equations_of(step) for name in equation.expression.reads}
        firsts[number] = [name for name in unread if name in read]
        unread = [name for name in unread if name not in read]
    return firsts


def _passed(
    equation: Equation, terms: Terms, given: Mapping[str, object], objective: str, by_name: bool
) -> list[Step]:
    """The equation of a quantity's adjoint; what it hands back to others becomes terms of theirs.

    What is 1, or given, is handed on as it is, and has an equation where it goes by another name, too.
    """
    step = _equation(equation.name, terms[equation.name], equation.layout, given)
    plain = (isinstance(step.expression, Name) and step.expression.text in given) or step.expression == ONE
    named_alike = by_name and equation.name != objective
    g = step.expression if plain and not named_alike else Name(step.name, named(step.layout))
    _hand_back(equation, g, terms)
    starts = equation.name == objective or g == Name(adjoint(equation.name), named(step.layout))
    return [] if plain and starts and not named_alike else [step]


def _hand_back(equation: Equation, g: Expr, terms: Terms) -> None:
    value = Name(equation.name, named(equation.layout))
    for quantity, term in adjoints(equation.expression, value, g):
        terms[quantity.text].append(term)


def _equation(name: str, terms: list[Expr], layout: tuple[str, ...], given: Mapping[str, object]) -> Equation:
    return Equation(title(name, given), sum_of(terms), layout)


def _looped(loop: Loop, terms: Terms, given: Mapping[str, object]) -> list[Step]:
    """The loop of the adjoints of a loop's quantities, from the last time to the first.

    What comes back to a quantity from a later time is there before its own adjoint is due.
    """
    active = _active(loop, terms)
    inside = [equation for equation in reversed(loop.equations) if equation.name in active]
    for equation in inside:
        _hand_back(equation, Name(title(equation.name, given), named(equation.layout)), terms)
    adjoints_of_loop = tuple(
        _equation(equation.name, terms[equation.name], equation.layout, given) for equation in inside
    )
    return [Loop(loop.axis, adjoints_of_loop, backwards=not loop.backwards)] if adjoints_of_loop else []


def _active(loop: Loop, terms: Terms) -> set[str]:
    """Those of a loop's quantities to which something comes back."""
    reads = {equation.name: equation.expression.reads for equation in loop.equations}
    active = {name for name in reads if name in terms}
    while more := {read for name in active for read in reads[name] if read in reads} - active:
        active |= more
    return active
