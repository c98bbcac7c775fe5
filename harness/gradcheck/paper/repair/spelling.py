"""How a text writes things: its names, with what others of their kind are called, and its signs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from gradcheck.expr.writing.symbols import in_latex
from gradcheck.formulas.dialect import formula
from gradcheck.formulas.tree import (
    BigOperation,
    BigSum,
    Bracket,
    Claim,
    Node,
    Product,
    Scripted,
    Span,
    Symbol,
)
from gradcheck.formulas.walk import followed_by_bracket, letters_over, nodes, nodes_of
from gradcheck.formulas.written import written
from gradcheck.paper.course.course import COUNT, PENALTY
from gradcheck.paper.judge import Way
from gradcheck.paper.names import Key, Reference
from gradcheck.paper.rewriting.normal import is_function

TRANSPOSED = re.compile(
    r"\s*(?:\^\s*\{?\s*(?:\\mathsf|\\mathrm|\\text)?\s*\{?(?:T|⊤|\\top|\\intercal)\}?\s*\}?|ᵀ|\.T)\Z"
)
"""The mark of what is transposed, at an end."""


class Patch(NamedTuple):
    """Other characters in the place of some."""

    start: int
    end: int
    text: str


FEW = 40
"""How many claims are looked at for names."""
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"


class Spelling:
    """The letters of one text, and which of them can stand for each other in one of its claims."""

    def __init__(self, way: Way, text: str, dialect: str, claim: Claim, at: Mapping[str, int]) -> None:
        """`at` says for which layer or time the claim is written out."""
        self.way, self.text, self.dialect, self.claim, self.at = way, text, dialect, claim, at
        self.names, self.is_latex = way.text.names, dialect != "plain"

    # Pieces

    def of(self, node: Node) -> str:
        """A node as it stands in the text."""
        return self.piece(node.span) or written(node)

    def piece(self, span: Span) -> str:
        """A piece of the text on one line."""
        return " ".join(self.text[slice(*span)].split())

    def word(self, node: Node) -> Span:
        """Where a name stands, without the mark of what is transposed."""
        start, end = node.span
        mark = TRANSPOSED.search(self.text[start:end])
        return (start, start + mark.start()) if mark else node.span

    @cached_property
    def transpose(self) -> str:
        """The mark of what is transposed."""
        is_code = any(sign in self.text for sign in (".T", "@", "np.", ".dot("))
        marks = (mark for mark in ("ᵀ", "^\\top", "^⊤", "^T") if mark in self.text)
        is_raised = any(digit in self.text for digit in RAISED) and "^" not in self.text
        raised = "ᵀ" if not self.is_latex and is_raised else "^T"
        return ".T" if is_code else next(marks, raised)

    @property
    def prime(self) -> str:
        """The mark of a derivative."""
        return "′" if "′" in self.text else "'"

    @property
    def dot(self) -> str:
        """A product's sign between numbers."""
        return "\\cdot" if self.is_latex else "·"

    def operator(self, operator: str) -> str:
        """An operator with what is around it."""
        shown = operator
        if operator == "⊙" and "⊙" not in self.text:
            shown = "\\odot" if self.is_latex else "*" if "*" in self.text else operator
        return f" {shown} " if shown else " "

    def sum_over(self, letter: str) -> str:
        """A sum's sign, with the blank behind it."""
        return f"\\sum_{letter} " if self.is_latex else f"Σ_{letter} "

    # Arrays and letters

    @cached_property
    def has_arrays(self) -> bool:
        """Whether something in the text is a row, a column or a matrix."""
        return any(self.way.network.shapes.values())

    def may_be_array(self, node: Node) -> bool:
        """Whether it is none that is known to be a number."""
        reference = self.reference(node)
        if reference is None:
            return isinstance(node, Bracket)
        return bool(self.way.network.shapes.get(reference.key)) and not reference.indices

    def reference(self, node: Node) -> Reference | None:
        """What a name speaks of."""
        return self.names.reference(node) if isinstance(node, Symbol | Scripted) else None

    def is_quantity(self, node: Node) -> bool:
        """Whether it is a name of the text's, or one of its entries."""
        reference = self.reference(node)
        return reference is not None and reference.key in self.way.network.shapes

    def is_power(self, node: Scripted) -> bool:
        """Whether what stands above is an exponent."""
        reference = self.reference(node)
        return node.base != Symbol("e") and (reference is None or reference.power is not None)

    @cached_property
    def letters(self) -> set[str]:
        """The indices of the claim and of its sums."""
        return {letter for side in self.claim.sides for letter in self.letters_of(side)}

    def letters_of(self, side: Node) -> Iterator[str]:
        """The indices of names and of sums."""
        for node, _ in nodes(side):
            if isinstance(node, Scripted):
                below = (one.text for one in node.sub if isinstance(one, Symbol))
                yield from filter(self._is_index, below)
            elif isinstance(node, BigSum | BigOperation):
                yield from letters_over(node)

    def _is_index(self, letter: str) -> bool:
        beside = self.names.course is not None and len(letter) == 1 and letter not in self.at
        return beside or self.names.is_index(letter)

    def free_letters(self, side: Node) -> list[str]:
        """Letters of a side that neither a sum in it nor the first side has."""
        sums = (node for node, _ in nodes(side) if isinstance(node, BigSum | BigOperation))
        bound = {letter for node in sums for letter in letters_over(node)}
        return sorted({*self.letters_of(side)} - bound - {*self.letters_of(self.claim.sides[0])})

    def units(self, product: Product) -> list[tuple[int, int]]:
        """From which factor to which each thing is that is multiplied: a call is one."""
        found, n = [], 0
        while n < len(product.factors):
            size = 2 if self._is_call(product, n) else 1
            found.append((n, n + size))
            n += size
        return found

    def _is_call(self, product: Product, n: int) -> bool:
        if not followed_by_bracket(product, n):
            return False
        head = product.factors[n]
        name = head.base if isinstance(head, Scripted) else head
        primed = isinstance(head, Scripted) and head.primes > 0
        text = name.text if isinstance(name, Symbol) else ""
        return (
            primed or text in self.way.text.functions or (is_function(text) and Key(text) not in self.known)
        )

    @cached_property
    def known(self) -> set[Key]:
        """The quantities of the text."""
        return self.way.text.known

    # Names

    @cached_property
    def about(self) -> Key | None:
        """What the claim says what it is: no part of that."""
        reference = self.reference(self.claim.sides[0])
        return None if reference is None or reference.indices else reference.key

    def is_function(self, text: str) -> bool:
        """Whether a letter stands for a function."""
        return Key(text) not in self.known and (text in self.way.text.functions or is_function(text))

    def script(self, node: Scripted) -> tuple[Node | None, int | None]:
        """What says of which layer or time it is, and where that stands."""
        place = self.names.places.get(node.base.text, None) if isinstance(node.base, Symbol) else None
        if place is not None and place < len(node.sub):
            return node.sub[place], place
        reference = self.reference(node)
        layered = reference is not None and (
            bool(reference.key.layer) or (self.names.course is not None and reference.power is None)
        )
        return (node.sup if layered else None), None

    def beginning(self, node: Scripted) -> Span | None:
        """The letter in front of what stands below, in w_ij as one word."""
        head = self.text[slice(*node.span)].partition("_")[0]
        return (node.span[0], node.span[0] + len(head)) if head else None

    @cached_property
    def bases(self) -> dict[str, str]:
        """Letters with scripts, and how they are written."""
        found: dict[str, str] = {}
        for node in self.written_names():
            if isinstance(node, Scripted) and isinstance(node.base, Symbol) and node.base.text not in found:
                span = node.base.span if node.base.span != node.span else self.beginning(node)
                text = "" if span is None else self.text[slice(*span)]
                if formula(text, self.dialect) == node.base:
                    found[node.base.text] = text
        for node, text in self.of_course:
            head, letter = (node.base if isinstance(node, Scripted) else node), text.rstrip(RAISED)
            letter = letter.partition("^")[0].partition("_")[0]
            if isinstance(head, Symbol) and formula(letter, self.dialect) == head:
                found.setdefault(head.text, letter)
        return found

    @cached_property
    def spelled(self) -> dict[Key, tuple[Node, str]]:
        """The quantities of the text that are the same everywhere, and how they are written."""
        found: dict[Key, tuple[Node, str]] = {}
        for node in self.written_names():
            reference = self.reference(node)
            if (
                reference is None
                or reference.key in found
                or reference.indices
                or reference.key not in self.known
            ):
                continue
            if reference.power is not None or reference.primes:
                continue
            if (
                isinstance(node, Scripted)
                and isinstance(node.base, Symbol)
                and node.base.text in self.names.places
            ):
                continue
            found[reference.key] = node, self.as_written(node)
        for node, text in self.of_course:
            found.setdefault(self.names.reference(node).key, (node, text))  # type: ignore[union-attr]
        return found

    def as_written(self, node: Node) -> str:
        """A name as it stands somewhere in the text."""
        text = self.text[slice(*self.word(node))]
        if formula(text, self.dialect) == node:
            return text
        shown = written(node)
        if self.is_latex and isinstance(node, Symbol) and len(node.text) > 1:
            return f"\\{node.text}"
        return shown

    @cached_property
    def of_course(self) -> list[tuple[Symbol | Scripted, str]]:
        """The names of the network beside which the text stands, as they are written on paper."""
        found: list[tuple[Symbol | Scripted, str]] = []
        course = self.names.course
        for key in self.way.network.shapes if course is not None else ():
            name = course.name(key) if course is not None and key not in (COUNT, PENALTY) else "d"
            if name.startswith("d") and not name.startswith("dz"):
                continue  # no one has a gradient in mind that is not spoken of
            text = in_latex(str(key)) if self.is_latex else str(key)
            node = formula(text, self.dialect)
            reference = self.reference(node) if isinstance(node, Symbol | Scripted) else None
            if isinstance(node, Symbol | Scripted) and reference is not None and reference.key == key:
                found.append((node, text))
        return found

    def written_names(self) -> Iterator[Symbol | Scripted]:
        """The names of the claim and of what a text begins with, each as often as it looks different."""
        text, seen = self.way.text, set[tuple[str, Node]]()
        defining = (text.claims[n] for n in islice(text.defining, FEW))
        for node in nodes_of((self.claim, *defining, *text.claims[:FEW])):
            if isinstance(node, Symbol | Scripted):
                look = self.text[slice(*node.span)], node
                if look not in seen:
                    seen.add(look)
                    yield node
