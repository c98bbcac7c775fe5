"""Edits in words: what stands there, what should stand there, and which part is another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice

from gradcheck.diagnosis import sum_ends
from gradcheck.diagnosis.findings import Change
from gradcheck.diagnosis.names import listed
from gradcheck.edits.edit import Edit, alike
from gradcheck.edits.explanation import Explanation, Pass
from gradcheck.edits.kinds import CATEGORIES, FORWARD, KINDS
from gradcheck.expr.simplify import Monomial, product, quotient, simplified, terms
from gradcheck.expr.tree import ONE, Expr, Name, Number, Size, nodes, substituted
from gradcheck.expr.writing.walk import Writer, neighbours
from gradcheck.mistakes.statements import MOST_NODES
from gradcheck.network.backward import adjoint
from gradcheck.network.records import Equation, Network
from gradcheck.network.write import first_states, within, write_equation
from gradcheck.verdict.records import Correction

FEW, MOST_PLACES, MOST_LINES = 2, 4, 3
"""How many more explanations with the same numbers are given, in how many other places, of how many lines."""
_MULTIPLES = (2.0, 4.0, 0.5)
"""How often people take a constant by mistake."""
_OF_THE_WHOLE = ("sign", "mean", "summed", "unsummed", "total", "first", "last")
"""Kinds of edits that are said of a quantity by its name, where its whole equation is changed."""
WHERE = {
    Pass.BACKWARD: "",
    Pass.FORWARD: "; your gradients are those of such a network",
    Pass.FORWARD_ALONE: "; your backward pass is the one for the right equation",
}


@dataclass(frozen=True)
class Changes:
    """What is written of edits of a network's equations."""

    network: Network
    writer: Writer
    asked: Collection[str]
    """What the spec asks for or accepts."""
    forward: Collection[str]
    """The quantities of the forward pass."""
    constants: Mapping[str, float] = field(default_factory=dict)
    """The numbers that names have in all cases."""
    word: Callable[[str], str] = sum_ends.WORDS.format
    """Axis -> what is along it: samples, units."""

    def change(self, found: Sequence[Explanation]) -> Change:
        """What is written of explanations, the likeliest first."""
        likeliest = found[0]
        groups = alike(self._in_order(likeliest))
        *before, last = map(self._correction, groups)
        corrections = (*before, last._replace(change=f"{last.change}{WHERE[likeliest.where]}"))
        same = dict[str, Explanation]()
        for one in found:
            same.setdefault(self._equations(one, likeliest.where), one)
        for text in [text for text, one in same.items() if self._is_repeated(one, likeliest)]:
            del same[text]
        shown = _rivals(same)
        words = (
            tuple(tuple(dict.fromkeys(edit.equation for edit in group)) for group in groups),
            corrections,
            tuple(shown),
            len(same) - 1 - len(shown) if shown else 0,
            self._question(likeliest),
        )
        name = next((edit.equation for edit in likeliest.edits if edit.equation in self.forward), "")
        if not name:
            kinds = dict.fromkeys(CATEGORIES[group[0].kind] for group in groups)
            return Change(*words, "; ".join(kinds), rivals=self._places(found[1:]))
        is_consistent = likeliest.where is Pass.FORWARD
        return Change(*words, FORWARD, quantity=name, symbol=self.symbol(name), is_consistent=is_consistent)

    def _places(self, found: Sequence[Explanation]) -> tuple[tuple[str, ...], ...]:
        """The quantities in whose equations those of the reverse pass are made."""
        backward = [self._in_order(one) for one in found if one.where is Pass.BACKWARD]
        places = (tuple(dict.fromkeys(edit.equation for edit in edits)) for edits in backward)
        return tuple(dict.fromkeys(names for names in places if not any(n in self.forward for n in names)))

    def _is_repeated(self, one: Explanation, other: Explanation) -> bool:
        """Whether two explanations are the same equations, with factors in another order."""
        if one is other or one.where is not other.where or len(one.edits) != len(other.edits):
            return False
        pairs = zip(self._in_order(one), self._in_order(other), strict=True)
        return all(a.equation == b.equation and _factors(a.new) == _factors(b.new) for a, b in pairs)

    def equation(self, edit: Edit) -> str:
        """The equation that an edit makes."""
        return self._equation(edit, edit.new)

    def _question(self, found: Explanation) -> str:
        """The questions that lead to them."""
        if found.where is not Pass.BACKWARD:
            return (
                "How does the exercise define this quantity, and how do your forward and backward passes "
                "compute it?"
            )
        return " ".join(dict.fromkeys(KINDS[edit.kind].question for edit in self._in_order(found)))

    def _equations(self, found: Explanation, where: Pass) -> str:
        """As they are changed, with where if that is not the pass that is spoken of."""
        several = self._in_order(found)
        elsewhere = "" if found.where is where else WHERE[found.where] or "; in the backward pass only"
        return listed([self._equation(edit, edit.new) for edit in several]) + elsewhere

    def _in_order(self, found: Explanation) -> list[Edit]:
        """The edits as they are presented, in the order in which a network makes what they change."""
        order = list(self.network.layouts)
        return sorted(map(self._presented, found.edits), key=lambda edit: order.index(edit.equation))

    def _presented(self, edit: Edit) -> Edit:
        """The edit in the equation of δ as people write it, with what comes back to the activation in it."""
        if (reader := self._delta_behind(edit.equation)) is not None:
            whole = {edit.equation: edit.old}, {edit.equation: edit.new}
            old, new = (simplified(substituted(reader.expression, one)) for one in whole)
            return replace(edit, equation=reader.name, old=old, new=new)
        for name in sorted(edit.old.reads & self._values.keys()):
            back, reader = self.network.equations.get(name), self._delta_behind(name)
            if back is None or reader is None or reader.name != edit.equation:
                continue
            if sum(1 for _ in nodes(back.expression)) <= MOST_NODES:
                known = {name: back.expression}
                old, new = (simplified(substituted(e, known)) for e in (edit.old, edit.new))
                part, instead = (e and substituted(e, known) for e in (edit.part, edit.instead))
                part = old if edit.part == edit.old else part
                return replace(edit, old=old, new=new, part=part, instead=instead)
        return edit

    @cached_property
    def _values(self) -> Mapping[str, str]:
        """Adjoint -> what it is of."""
        layouts = self.network.layouts
        return {adjoint(name): name for name in layouts if adjoint(name) in layouts}

    def _delta_behind(self, name: str) -> Equation | None:
        """The equation dz = da ⊙ g′(z) that alone reads this da, which nobody asks for."""
        equations = self.network.equations
        steps = [e for e in self.network.steps if isinstance(e, Equation) and name in e.expression.reads]
        if len(steps) != 1 or name in self.asked or name not in self._values:
            return None
        (reader,) = steps
        activated = equations.get(self._values[name])
        value = self._values.get(reader.name)
        is_plain = activated is not None and activated.expression.reads == {value}
        return reader if is_plain and _is_product(reader.expression, name) else None

    def _correction(self, several: Sequence[Edit]) -> Correction:
        edit, *others = several
        likewise = f", and likewise in {listed([self.symbol(e.equation) for e in others])}" if others else ""
        yours, right = self._equation(edit, edit.new), self._equation(edit, edit.old)
        return Correction(yours, right, f"{self._clause(edit)}{likewise}{self._divided(edit)}")

    def _divided(self, edit: Edit) -> str:
        """What is divided in these letters by a size that is lacking: a program may divide by it later."""
        tops = () if edit.constant is None else Monomial.of(edit.constant).tops
        for size in (e for e in tops if isinstance(e, Size)):
            for name in self._hidden(edit.equation):
                if self._is_divided(name, size):
                    part = self._part(edit, quotient(ONE, size))
                    return f"; in these equations {self.symbol(name)} holds {part} already"
        return ""

    def _is_divided(self, name: str, size: Size) -> bool:
        """Whether a gradient is divided by a size, or what it is made of was, and was not handed in."""
        reached = [name]
        for one in reached:
            reached += [read for read in self._hidden(one) if read not in reached]
        equations = (self.network.equations[one].expression for one in reached)
        return any(size in Monomial.of(term).bottoms for e in equations for term in terms(e))

    def _hidden(self, name: str) -> list[str]:
        """The gradients that an equation reads and nobody asks for."""
        equations = self.network.equations
        read = equations[name].expression.reads - {*self.asked, *self.forward, name}
        return [other for other in equations if other in read]

    def _clause(self, edit: Edit) -> str:
        whole = edit.part is None or (edit.kind in _OF_THE_WHOLE and edit.part == edit.old)
        part = self.symbol(edit.equation) if whole else self._part(edit, edit.part or edit.old)
        instead = "" if edit.instead is None else self._part(edit, edit.instead)
        clause = KINDS[edit.kind].clause.format(part=part, instead=instead)
        return f"{clause}{self._or_multiplied(edit)}"

    def _or_multiplied(self, edit: Edit) -> str:
        """Of a λ of ½ that is left out: 2 λ is 1 as well, and no number tells which of them stands there."""
        match edit:
            case Edit(kind="factor", part=Name(text) as part) if text in self.constants:
                multiple = 1 / self.constants[text]
                if multiple in _MULTIPLES:
                    whole = self._part(edit, product(Number(multiple), part))
                    return f", or {whole} stands there: both are 1 here"
        return ""

    def symbol(self, name: str) -> str:
        """What a quantity is called."""
        return self.writer.dialect.name(name, self.writer.layouts[name], None).text

    def _equation(self, edit: Edit, expression: Expr) -> str:
        equation = self.network.equations[edit.equation]
        layout = self.writer.layouts[edit.equation] if edit.layout is None else edit.layout
        whole, over = sum_ends.completed(expression, self.word)
        written = replace(equation, expression=simplified(whole) if over else expression, layout=layout)
        text = write_equation(written, within(self.writer, self.network, edit.equation))
        text = ", ".join(filter(None, (text, over)))
        if states := self._other_states(edit):
            now, before = states
            if edit.equation in self.forward and expression in (edit.new, edit.old):
                return listed(now if expression is edit.new else before)
            return f"{text}, where {listed(now)}" if expression is edit.new else text
        return text

    def _other_states(self, edit: Edit) -> tuple[list[str], list[str]] | None:
        """(`h[-1] = 0`, `h[-1] = h0`) where an edit changes what stands before the first time."""
        new, old = (list(first_states(neighbours(e), self.writer)) for e in (edit.new, edit.old))
        pairs = [(one, other) for one, other in zip(new, old, strict=False) if one != other]
        if len(new) != len(old) or not pairs:
            return None
        return [one for one, _ in pairs], [other for _, other in pairs]

    def _part(self, edit: Edit, part: Expr) -> str:
        writer = within(self.writer, self.network, edit.equation)
        is_term = edit.kind in ("term", "added", "sign", "only", "carried")
        layout = self.writer.layouts[edit.equation] if is_term else ()
        if writer.moment is not None:
            layout = tuple(axis for axis in layout if axis != writer.moment.axis)

        def write(e: Expr) -> str:
            return writer.write(simplified(e), layout).text

        return sum_ends.part_in_words(part, write, self.word) or write(part)


def _rivals(same: Mapping[str, Explanation]) -> list[str]:
    """What is given beside the likeliest: one of each other place, and as likely ones up to a few.

    Of forward passes that their backward pass does not fit one is enough where something else is likelier.
    """
    first, *others = same
    places, shown, rank = {(same[first].where, same[first].at)}, list[str](), same[first].rank
    others = [text for text in others if len(same[text].at) <= MOST_LINES]
    for text in others:
        where, at = same[text].where, same[text].at
        is_odd = where is Pass.FORWARD_ALONE and same[first].where is not where
        at = frozenset() if is_odd else at
        if (where, at) not in places and len(shown) < MOST_PLACES:
            places.add((where, at))
            shown.append(text)
    rest = (text for text in others if text not in shown and same[text].rank <= rank)
    return [*shown, *islice(rest, max(FEW - len(shown), 0))]


def _factors(expression: Expr) -> tuple[float, float, Counter[Expr], Counter[Expr]]:
    """What is multiplied, in no order."""
    whole = Monomial.of(expression)
    return whole.above, whole.below, Counter(whole.tops), Counter(whole.bottoms)


def _is_product(expression: Expr, name: str) -> bool:
    """Whether a quantity is a factor of an expression."""
    whole = Monomial.of(expression)
    return sum(isinstance(part, Name) and part.text == name for part in whole.tops) == 1 and not any(
        name in part.reads for part in (*whole.bottoms, *(p for p in whole.tops if not isinstance(p, Name)))
    )
