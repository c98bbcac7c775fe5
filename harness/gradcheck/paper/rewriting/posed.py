"""A text about the derivative of one expression, as a text that defines it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gradcheck.errors import UsageError
from gradcheck.formulas.substitution import with_names
from gradcheck.formulas.tree import Bracket, Claim, Derivative, Node, Product, Scripted, Symbol
from gradcheck.formulas.walk import changed, nodes
from gradcheck.formulas.written import written
from gradcheck.paper.rewriting.normal import is_function, normal
from gradcheck.paper.text import EXPRESSION


def posed(of: Node, by: Node, claims: Sequence[Claim]) -> list[Claim]:
    """A text that defines the expression, and says of each claim what it leaves unsaid.

    Raises UsageError where the expression has no such name.
    """
    one, other, *about = normal([Claim((of,), ()), Claim((by,), ()), *claims])
    return Question(one.sides[0], other.sides[0]).posed(about)


@dataclass(frozen=True)
class Question:
    """An expression, and what it is differentiated by."""

    of: Node
    by: Node

    def __post_init__(self) -> None:
        if self.by not in self._parts and _base(self.by) not in {_base(part) for part in self._parts}:
            raise UsageError(f"--wrt: {written(self.by)} does not stand in the expression")

    @property
    def _parts(self) -> set[Node]:
        return {node for node, _ in nodes(self.of) if isinstance(node, Symbol | Scripted)}

    @property
    def derivative(self) -> Derivative:
        """What the text is about."""
        return Derivative(EXPRESSION, self.by)

    def posed(self, claims: Sequence[Claim]) -> list[Claim]:
        """The expression's definition, and each claim with what it leaves unsaid."""
        defined = {name: n for n, claim in enumerate(claims) if (name := self._defined(claims, n))}
        known = {_base(part) for part in self._parts} | defined.keys()
        spelled = [
            replace(claim, sides=tuple(self._spelled(side, known) for side in claim.sides))
            for claim in claims
        ]
        last = self._last(spelled, defined)
        bodies = {
            name: claims[n].sides[1] for name, n in defined.items() if isinstance(claims[n].sides[0], Symbol)
        }
        definition = Claim((EXPRESSION, with_names(self.of, bodies)), ("=",), line=0)
        return [definition, *(self._whole(claim, n, defined, last) for n, claim in enumerate(spelled))]

    def _defined(self, claims: Sequence[Claim], number: int) -> str:
        """The new name, or the function, that a claim gives to something that is used elsewhere."""
        name = self._new(claims[number])
        elsewhere = (side for n, claim in enumerate(claims) for side in claim.sides[(n == number) :])
        return (
            name if name and any(_base(node) == name for side in elsewhere for node, _ in nodes(side)) else ""
        )

    def _new(self, claim: Claim) -> str:
        if len(claim.sides) < 2:
            return ""
        match claim.sides[0]:
            case Symbol(name) | Product((Symbol(name), Bracket(Symbol() | Scripted())), _):
                return "" if name in {_base(part) for part in self._parts} else name
        return ""

    def _spelled(self, node: Node, known: set[str]) -> Node:
        """E′, (x^3)′ and ∂E/∂x with the expression for E, which nothing else says what it is."""
        match node:
            case Product((Scripted(Symbol(name), 1) as head, Bracket()), _) if self._is_unknown(name, known):
                return self._spelled(head, known)  # E′(x) without its argument
            case Scripted(Bracket(inner), 1, None, _, ()):
                return Derivative(inner, self.by, node.span)
            case Scripted(Symbol(name), 1, None, _, ()) if self._is_unknown(name, known):
                return replace(self.derivative, span=node.span)
            case Derivative(Symbol(name), by) if self._is_unknown(name, known):
                return Derivative(EXPRESSION, by, node.span)
            case Derivative(Product((Symbol(name), Bracket()), _), by) if self._is_unknown(name, known):
                return Derivative(EXPRESSION, by, node.span)
        return changed(node, lambda part: self._spelled(part, known))

    def _is_unknown(self, name: str, known: set[str]) -> bool:
        return name not in known and not is_function(name)

    def _last(self, claims: Sequence[Claim], defined: dict[str, int]) -> int:
        """The claim that the derivative is, where none says so."""
        several = [n for n, c in enumerate(claims) if len(c.sides) > 1 and n not in defined.values()]
        says = [n for n, claim in enumerate(claims) if self._says_so(claims, claim, n, defined)]
        return several[-1] if several and not says else -1

    def _says_so(self, claims: Sequence[Claim], claim: Claim, number: int, defined: dict[str, int]) -> bool:
        if len(claim.sides) == 1:
            return claim.whole and not is_aside(claims, number)
        new = bool(self._new(claim)) and number not in defined.values()
        return new or any(isinstance(side, Derivative) and side.by == self.by for side in claim.sides)

    def _whole(self, claim: Claim, number: int, defined: dict[str, int], last: int) -> Claim:
        if number in defined.values():
            return claim
        if len(claim.sides) > 1 and self._new(claim):
            head = replace(self.derivative, span=claim.sides[0].span)
            return replace(claim, sides=(head, *claim.sides[1:]))
        is_alone = len(claim.sides) == 1 and claim.whole and not claim.inline
        if number == last or is_alone:
            return replace(claim, sides=(self.derivative, *claim.sides), relations=("=", *claim.relations))
        return claim


def is_aside(claims: Sequence[Claim], number: int) -> bool:
    """Whether a formula without = only stands in prose."""
    return claims[number].inline and len(claims) > 1


def _base(node: Node) -> str:
    match node:
        case Symbol(text):
            return text
        case Scripted(Symbol(text)):
            return text
    return ""
