"""The network that a text defines as a spec in equations."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gradcheck.errors import SpecError, UsageError
from gradcheck.expr.along import CUMSUM, SUM
from gradcheck.expr.arithmetic import EQUAL, MULTIPLY
from gradcheck.expr.blocks import REPEAT
from gradcheck.expr.registry import ALIASES, CALLED, MOVING, OVER
from gradcheck.expr.tree import ONE, Apply, Expr, Name, Number, Size, axis_of, nodes, rebuilt
from gradcheck.formulas.tree import Node, Product
from gradcheck.network.backward import adjoint
from gradcheck.network.records import Network as Equations
from gradcheck.network.records import change_equations, named, renamed
from gradcheck.paper.names import Key
from gradcheck.paper.saving.spec_text import DRAWS, ONE_CLASS, Sheet
from gradcheck.paper.text import Text, derivatives, mentions
from gradcheck.paper.values.arrays import plain
from gradcheck.paper.values.equations import equations, tidied
from gradcheck.paper.values.matrices import WITHOUT_A_WORD
from gradcheck.paper.values.network import Network
from gradcheck.paper.ways import Ways
from gradcheck.specification.read import parse

_WORDS = frozenset({*CALLED, *ALIASES, *OVER, *MOVING, "rename", "size", "pi", "e", "gradient", "lam"})
"""Names that equations can't give to something else."""
_CONSTANT = re.compile(r"(?P<number>\d+) of |(?P<position>position )|.* (?P<same>is) ")


def as_spec(ways: Ways, title: str) -> str:
    """The spec's text. Raises UsageError where the network is none that can be stated so."""
    network = ways.ways[0].network
    asked = _differentiated(ways.text, network)
    _refuse(network, asked.of)
    complaint = ""
    for apart in (False, True):
        stated, names, sizes = _stated(network, asked, apart=apart)
        by = [names[str(key)] for key in asked.by if str(key) in names]
        upstream = [] if asked.is_objective else [names[str(key)] for key in asked.of]
        sheet = Sheet(title, stated, by, sizes, upstream)
        for draw in DRAWS:
            text = sheet.written(draw)
            try:
                parse(text.encode(), "FILE")
            except SpecError as error:
                complaint = str(error)
            else:
                return text
    raise UsageError(f"--save: what was read makes no spec; state it by hand: docs/specs.md\n{complaint}")


@dataclass(frozen=True)
class _Asked:
    """What is differentiated, and by what."""

    of: Sequence[Key]
    by: Sequence[Key]
    is_objective: bool = True
    """False of an array, and of what has gradients that are given: the text has a name for a loss alone."""


def _differentiated(text: Text, network: Network) -> _Asked:
    """What most derivatives of the text are of, and by what they are."""
    pairs: list[tuple[Key, Key]] = []
    for claim in text.claims:
        for derivative in (one for side in claim.sides for one in derivatives(side)):
            of, by = _key(text, derivative.of), _key(text, derivative.by)
            if of is not None and by is not None:
                pairs.append((of, by))
    for key, _ in pairs:
        if key in text.unknown:
            raise UsageError(f"--save: what {key} is could not be read: {text.unknown[key]}")
    known = [of for of, _ in pairs if of in network.definitions]
    numbers = [of for of in known if not network.shapes[of] and of not in text.objectives]
    if not known:
        advice = "write L = …, and ∂L/∂w = … or ∂L/∂w = ?"
        raise UsageError(f"--save: the text has no derivative of anything that it defines; {advice}")
    chosen = max(dict.fromkeys(numbers or known), key=(numbers or known).count)
    wanted = [by for of, by in dict.fromkeys(pairs) if of == chosen]
    if chosen not in text.objectives:
        return _Asked([chosen], wanted, not network.shapes[chosen])
    defined = {key: one for key, one in network.definitions.items() if key not in text.objectives}
    read = {name for one in defined.values() for name in one.reads}
    return _Asked([key for key in defined if str(key) not in read], wanted, is_objective=False)


def _refuse(network: Network, of: Sequence[Key]) -> None:
    """Complain of functions of which nothing is said."""
    text, waiting, seen = network.text, [*of], set[Key]()
    while waiting:
        key = waiting.pop()
        body = text.bodies.get(key)
        if key in seen or body is None:
            continue
        seen.add(key)
        waiting += text.mentioned(body)
        for name in sorted(text.abstract):
            if mentions(body, name):
                raise UsageError(f"--save: which function is {name}? write what it is: {name}(x) = …")


def _stated(
    network: Network, asked: _Asked, *, apart: bool
) -> tuple[Equations, Mapping[str, str], Mapping[str, int]]:
    """The equations of a spec, what it calls each quantity, and how long its axes are."""
    definitions = {
        key: _written_out(network, key, _of_one_class(network, one) if key in asked.of else one)
        for key, one in network.definitions.items()
        if key not in network.text.objectives
    }
    whole = replace(network, definitions=definitions)
    needed = [str(key) for key in asked.of]
    names = _names(_behind(equations(whole).network, needed), needed if asked.is_objective else [])
    stated = equations(whole, names.values(), apart=apart)
    chosen = renamed(_behind(stated.network, needed), names)
    lengths = {letter: network.lengths[plain(axis)] for axis, letter in stated.axes.items()}
    return chosen, names, {letter: length for letter, length in lengths.items() if letter in _axes(chosen)}


def _axes(network: Equations) -> set[str]:
    """The axes that are left."""
    formulas = [node for equation in network.equations.values() for node in nodes(equation.expression)]
    sizes = {node.axis for node in formulas if isinstance(node, Size)}
    return sizes | {axis_of(axis) for node in formulas for axis in node.axes}


def _of_one_class(network: Network, expression: Expr) -> Expr:
    """log p_c, of which c is one value in all of the text: by an input that is 1 there, and 0 elsewhere."""
    for axis in expression.axes:
        if axis in network.fixed:
            chosen = Name(f"{ONE_CLASS}{axis}", (axis,))
            expression = Apply(SUM, (Apply(MULTIPLY, (expression, chosen)),), (axis,))
    return expression


def _key(text: Text, node: Node | None) -> Key | None:
    head = node.factors[0] if isinstance(node, Product) else node
    reference = text.names.reference(head) if head is not None else None
    return None if reference is None else reference.key


def _written_out(network: Network, key: Key, expression: Expr) -> Expr:
    """The expression with what has a name in no text by what it is, and lengths as lengths."""
    lengths = {str(name): axis for name, axis in network.counts.items()}

    def node(one: Expr) -> Expr:
        if isinstance(one, Name) and one.text in lengths:
            return Size(lengths[one.text])
        if isinstance(one, Name) and one.text in network.auxiliaries:
            return _constant(network, key, one)
        if isinstance(one, Apply) and one.operation.name in WITHOUT_A_WORD:
            raise _no_word(key, WITHOUT_A_WORD[one.operation.name])
        return one

    return rebuilt(expression, node)


def _constant(network: Network, key: Key, one: Name) -> Expr:
    """1 at one place of an axis, or where two axes are at the same; the number of the place."""
    match = _CONSTANT.match(one.text)
    if match is None:
        what = network.auxiliaries[one.text].what or "what stands for anything"
        raise _no_word(key, what)
    places = [Apply(CUMSUM, (Apply(REPEAT, (ONE,), (axis,)),), (axis,)) for axis in one.axes]
    if match["position"]:
        return places[0]
    return Apply(EQUAL, (places[0], Number(float(match["number"])) if match["number"] else places[1]))


def _no_word(key: Key, what: str) -> UsageError:
    return UsageError(f"--save: {key} is made of {what}, and equations have no word for that")


def _behind(network: Equations, names: Sequence[str]) -> Equations:
    """What some quantities are made of; arrays without axes of length one."""
    needed, waiting = set[str](), [*names]
    while waiting:
        one = waiting.pop()
        needed.add(one)
        if one in network.equations:
            waiting += network.equations[one].expression.reads - needed
    given = {one: named(layout) for one, layout in network.given.items() if one in needed}
    steps = change_equations(network.steps, tidied)
    chosen = Equations(given, tuple(step for step in steps if getattr(step, "name", "") in needed))
    classes = {one.text: one.axes for one in _read(chosen) if one.text.startswith(ONE_CLASS)}
    return replace(chosen, given=given | classes)


def _read(network: Equations) -> Iterator[Name]:
    every = (node for equation in network.equations.values() for node in nodes(equation.expression))
    return (node for node in every if isinstance(node, Name))


def _names(network: Equations, objective: Sequence[str]) -> dict[str, str]:
    """What equations call each quantity: J the number that is differentiated, and each by its own word."""
    names = dict.fromkeys(objective, "J")
    for name in network.layouts:
        if name not in names:
            names[name] = _free(_word(name), names.values())
    return names


def _word(name: str) -> str:
    """A name as a word: w2_1 for w^2_1."""
    word = re.sub(r"\W+", "_", re.sub(r"\^(?=\d)", "", name.replace("'", "_prime"))).strip("_")
    return word if word[:1].isalpha() else f"q_{word}"


def _free(word: str, taken: Collection[str]) -> str:
    alike = {*taken, *map(adjoint, taken), *(one[1:] for one in taken if one.startswith("d")), "J"}
    while word in _WORDS or word in alike:
        word += "_"
    return word
