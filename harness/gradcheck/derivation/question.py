"""An expression, what it is differentiated by, and each claim of a text about that, judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from gradcheck.derivation import wording
from gradcheck.derivation.draws import draws
from gradcheck.derivation.effort import Effort
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.evaluate import Scope
from gradcheck.derivation.inner import explain
from gradcheck.derivation.judge import equates, weigh
from gradcheck.derivation.letters import Letters
from gradcheck.derivation.records import Judged, Standing
from gradcheck.derivation.spelling import plain
from gradcheck.derivation.substitution import with_names
from gradcheck.derivation.trials import Trial, tried
from gradcheck.errors import UsageError
from gradcheck.formulas.tree import Claim, Derivative, Node, Product, Scripted, Symbol
from gradcheck.formulas.walk import is_application, nodes
from gradcheck.formulas.written import written

FEWEST = 3
"""At how many points a claim has to have a value."""


class Question:
    """An expression, what it is differentiated by, and all that a text says of it."""

    def __init__(self, of: Node, by: Node, claims: Sequence[Claim], text: str) -> None:
        alone = Letters([of, by])
        self.of, self.text, self.claims = of, text, claims
        self.truth = Derivative(None, by)
        self.wrt = alone.key(by)
        self.given = set(alone.names(of))
        if self.wrt not in self.given:
            raise UsageError(f"--wrt: {written(by)} does not stand in the expression")
        self.chains = [[self._spelled(side) for side in claim.sides] for claim in claims]
        self.defined = dict(self._definitions())
        every = [of, by, *(side for chain in self.chains for side in chain)]
        unknown = set(_differentiated(every)) - self.given - set(self.defined)
        self.words = Letters(every, unknown)
        self.helpers = self.defined | dict.fromkeys(unknown, with_names(of, self.defined))
        self.effort = Effort()
        self.names = {name for side in every for name in self.words.names(side)} - set(self.helpers)

    def _spelled(self, side: Node) -> Node:
        """E′ and E′(s), too, are the derivative, unless they are of a function that is known."""
        words = Letters([self.of, self.truth.by, side])
        found = plain(words, side)
        head = found.factors[0] if isinstance(found, Product) and is_application(found) else found
        if not isinstance(head, Scripted) or head.primes != 1 or not isinstance(head.base, Symbol):
            return found
        known = words.activation(head.base.text, None) is not None
        return found if known else replace(self.truth, span=side.span)

    def _definitions(self) -> Iterator[tuple[str, Node]]:
        """The new names that are used later on."""
        used = {
            node.text: number
            for number, chain in enumerate(self.chains)
            for side in chain
            for node, _ in nodes(side)
            if isinstance(node, Symbol)
        }
        for number, chain in enumerate(self.chains):
            if (name := self._new(chain)) and used[name] > number:
                yield name, chain[1]

    def _new(self, chain: Sequence[Node]) -> str:
        """The name that a chain begins with, if the expression has none like it."""
        first = chain[0]
        name = first.text if isinstance(first, Symbol) and len(chain) > 1 else ""
        return "" if name in self.given else name

    @cached_property
    def scopes(self) -> list[Scope]:
        """The points where claims are tried."""
        try:
            found = draws(self.words, self.of, self.wrt, sorted(self.names), self.effort)
        except MeaningError as error:
            raise UsageError(f"--of: {error.message}") from error
        if len(found) < FEWEST:
            raise UsageError("--of: differences tell nothing of its derivative at the points that were tried")
        return [replace(scope, helpers=self.helpers) for scope in found]

    @cached_property
    def last(self) -> int:
        """The claim that the derivative is, where none says so."""
        says = [n for n, chain in enumerate(self.chains) if self._says_so(n, chain)]
        several = [n for n, chain in enumerate(self.chains) if len(chain) > 1 and not self._new(chain)]
        return several[-1] if several and not says else -1

    def _says_so(self, number: int, chain: Sequence[Node]) -> bool:
        if len(chain) == 1:
            return not self._aside(number)
        name = self._new(chain)
        by = [side.by for side in chain if isinstance(side, Derivative)]
        return (bool(name) and name not in self.helpers) or any(self.words.key(b) == self.wrt for b in by)

    def _aside(self, number: int) -> bool:
        """Whether a formula without = only stands in prose."""
        return self.claims[number].inline and len(self.claims) > 1

    def judged(self, number: int, title: str) -> Judged:
        """What is known of a claim."""
        claim, sides = self.claims[number], self.chains[number]
        shown = wording.untried(claim, self.text)
        if not equates(claim.relations) or (len(sides) == 1 and self._aside(number)):
            return shown
        name = self._new(sides)
        if name in self.defined:
            sides = sides[1:]
            if len(sides) == 1:
                return replace(shown, standing=Standing.DEFINED)
        elif name and name not in self.helpers:
            sides = [replace(self.truth, span=sides[0].span), *sides[1:]]
        elif len(sides) == 1 or number == self.last:
            sides = [self.truth, *sides]
        if (foreign := self._foreign(sides)) is not None:
            return wording.meaningless(shown, claim, foreign, self.text)
        return self._weighed(shown, sides, title)

    def _foreign(self, sides: Sequence[Node]) -> MeaningError | None:
        """What is said of a name that does not stand in the expression, and that the text doesn't define."""
        known = self.given | set(self.helpers)
        for node, _ in (pair for side in sides for pair in nodes(side)):
            name = self.words.key(node)
            if name and name in self.names and name not in known:
                product = " * ".join(name) if len(name) > 1 and set(name) <= known else ""
                advice = f"write {product} for the product" if product else ""
                message = f"{name} does not stand in the expression"
                return MeaningError("unknown", message, node.span, advice)
        return None

    def _weighed(self, shown: Judged, sides: Sequence[Node], title: str) -> Judged:
        outcome = weigh(self.words, sides, self._trials(sides))
        found = wording.judged(shown, sides, outcome, self.text)
        first, *others = found.steps
        found = replace(found, steps=(replace(first, text=first.text or title), *others))
        if outcome.broken is None or outcome.faults[outcome.broken] is not None:
            return found
        return wording.explained(found, explain(self.of, self.wrt, outcome))

    def _trials(self, sides: Sequence[Node]) -> list[Trial]:
        """The points where all is finite, if there are enough of them."""
        effort = self.effort.of_a_claim()
        every = [tried(n, replace(s, effort=effort), sides) for n, s in enumerate(self.scopes)]
        finite = [t for t in every if not any(_not_finite(value) for value in t.values)]
        return finite if len(finite) >= FEWEST else every


def _not_finite(value: object) -> bool:
    return isinstance(value, MeaningError) and value.kind == "not finite"


def _differentiated(formulas: Sequence[Node]) -> Iterator[str]:
    """The names of which derivatives are written."""
    for formula in formulas:
        for node, _ in nodes(formula):
            if isinstance(node, Derivative) and node.of is not None:
                head = node.of.factors[0] if is_application(node.of) else node.of  # type: ignore[union-attr]
                if isinstance(head, Symbol):
                    yield head.text
