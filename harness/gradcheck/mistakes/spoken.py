"""What the catalogue says, said in a learner's notation."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from gradcheck.mistakes import rules
from gradcheck.mistakes.places import is_coupled
from gradcheck.mistakes.records import Mistake
from gradcheck.mistakes.speaker import Speaker
from gradcheck.mistakes.writing.fill import filled
from gradcheck.mistakes.writing.orient import natural, oriented

_BRACES = re.compile(r"\{(.*?)\}")
_NOTHING: Mapping[str, ast.expr] = MappingProxyType({})


class Statement(NamedTuple):
    """What a quantity is and what a mistake makes it, as whole equations."""

    right: str
    wrong: str


def spoken(expression: str, speaker: Speaker) -> str:
    """A formula of the catalogue, the way round that a learner would write it."""
    return speaker.hand.write(natural(filled(expression, speaker), speaker.turned))


def clause(text: str, speaker: Speaker) -> str:
    """A text with the formulas in its braces said."""
    return _BRACES.sub(lambda brace: spoken(brace[1], speaker), text)


def equation(name: str, expression: str, speaker: Speaker) -> str:
    """A formula said to make a quantity, in the layout that the quantity has."""
    return _equation(name, filled(expression, speaker), speaker)


def statements(mistake: Mistake, speaker: Speaker) -> tuple[Statement, ...]:
    """The equations of the quantities that a mistake at the speaker's layer changes.

    A learner knows δ, not the ∂J/∂a on the way to it: what replaces that is told as an equation of δ.
    A quantity whose formula stays the same is told of only where all others do, too.
    """
    layer = _Layer(mistake, speaker)
    told = tuple(
        Statement(*(_equation(name, layer.made(name, wrong), speaker) for wrong in (False, True)))
        for name in layer.changed()
    )
    return tuple(statement for statement in told if statement.right != statement.wrong) or told


def _equation(name: str, tree: ast.expr, speaker: Speaker) -> str:
    turn = speaker.turned(name)
    if turn is None:
        turn = speaker.notation.bias == "column"
    return f"{speaker.called(name)} = {speaker.hand.write(oriented(tree, turn, speaker.turned))}"


class _Layer:
    """The rules of one layer, right or with a mistake's replacements, put into each other."""

    def __init__(self, mistake: Mistake, speaker: Speaker) -> None:
        self.speaker, self.chain, self.layer = speaker, speaker.chain, speaker.layer
        self.replaced = {rule: mistake.extra.get(rule, mistake.wrong) for rule in mistake.makes}

    def changed(self) -> list[str]:
        """The quantities that a learner knows and that have a rule of theirs replaced."""
        there = (*self.chain.parameters, *(f"{letter}{self.layer}" for letter in "azx"))
        replaced = [rule for rule in self.replaced if f"{rule[1:]}{self.layer}" in there]
        return list(dict.fromkeys(map(self._known, replaced)))

    def _known(self, rule: str) -> str:
        """The quantity that a rule is told of."""
        if rule == "dx":
            return "da_prev"
        if rule != "da":
            return f"d{rule[1:]}"
        # The input has no δ; nor does a short way lead from ∂J/∂a to a softmax's.
        return "da" if self.layer == 0 or (self._coupled and "dz" not in self.replaced) else "dz"

    @property
    def _coupled(self) -> bool:
        return is_coupled(self.chain, self.layer)

    def made(self, name: str, wrong: bool) -> ast.expr:
        """The formula of a quantity."""
        if name in ("da", "da_prev"):
            return self._rule("da" if name == "da" else "dx", wrong)
        if name == "dz":
            return self._delta(wrong)
        return self._gradient(name[1:], wrong)

    def _delta(self, wrong: bool) -> ast.expr:
        if "da" in self.replaced:
            return self._rule("dz", wrong, {"da": self._rule("da", wrong)})
        # A softmax's δ mentions ∂J/∂a several times: that stays a name there.
        known = {} if self._coupled else {"da": self._rule("da", wrong)}
        return self._rule("dz", wrong, known, right=rules.cancelled(self.chain, self.layer))

    def _gradient(self, letter: str, wrong: bool) -> ast.expr:
        w: dict[str, ast.expr] = {"w": ast.Name(letter)}
        whole = self._rule(f"d{letter}", wrong)
        if f"r{letter}" in self.replaced or self.chain.penalised([f"{letter}{self.layer}"]):
            whole = ast.BinOp(whole, ast.Add(), self._rule(f"r{letter}", wrong, w))
        replacement = self.replaced.get(f"h{letter}") if wrong else None
        return filled(replacement, self.speaker, right=whole, **w) if replacement else whole

    def _rule(
        self, rule: str, wrong: bool, known: Mapping[str, ast.expr] = _NOTHING, right: str | None = None
    ) -> ast.expr:
        """What a rule makes, with what is known put in; `right` is its formula if not the usual one."""
        formula = right or rules.right(self.chain, rule, self.layer)
        made = filled(formula, self.speaker, **known) if formula else ast.Name(rule)
        replacement = self.replaced.get(rule) if wrong else None
        return filled(replacement, self.speaker, right=made, **known) if replacement else made
