"""Which quantities a text speaks of: what of a name's scripts belongs to the name, and what is an index.

`w_1 x_1 + w_2 x_2` are four numbers, `x_i` is an entry of x, `a^{(2)}` is another quantity than `a^{(1)}`,
and `x^2` a power: which it is shows in how the whole text uses the letter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from gradcheck.formulas.tree import (
    Arguments,
    BigOperation,
    BigSum,
    Bracket,
    Claim,
    Derivative,
    Negative,
    Node,
    Number,
    Product,
    Scripted,
    Sum,
    Symbol,
    Transpose,
)
from gradcheck.formulas.walk import parts
from gradcheck.formulas.written import written as _written
from gradcheck.paper.rewriting.ranges import first_number

if TYPE_CHECKING:
    from gradcheck.paper.course.course import Course

Index = str | int
"""A letter that runs over an axis, or the number of an entry, from 1."""
LETTERS = frozenset("ijklmnpqrst")
"""What people call indices."""
LOSSES = frozenset({"L", "J", "C", "E", "loss", "Loss", "cost", "Cost"})
"""What people call losses, which are numbers."""
_OF_MATRICES = (Symbol("dot"), Symbol("matmul"), Symbol("outer"))
_LAYERS = frozenset({"L", "l"})
_POWERS = frozenset({"2", "4", "-1", "-2"})
"""Superscripts beside subscripts which are no layers: with 2 and 4 alone, 3 would be left out."""


@dataclass(frozen=True)
class Key:
    """A quantity of the text."""

    base: str
    layer: str = ""
    part: str = ""
    """What else its name says: true in y_true."""

    def __str__(self) -> str:
        layer = f"^{self.layer}" if self.layer else ""
        return f"{self.base}{layer}" + (f"_{self.part}" if self.part else "")


@dataclass(frozen=True)
class Reference:
    """A quantity, or one of its entries, as a formula names it."""

    key: Key
    indices: tuple[Index, ...] = ()
    power: Node | None = None
    primes: int = 0
    single: tuple[Index, ...] = ()
    """The indices of axes that have but one entry."""
    example: Index | None = None
    """Which example of a batch it is of."""
    note: str = field(default="", compare=False)
    """What it was taken for."""


NOTHING: Mapping[str, Index] = MappingProxyType({})
NOWHERE: Mapping[str, int | None] = MappingProxyType({})


@dataclass
class _Uses:
    """How a text uses one letter."""

    bare: bool = False
    lowered: bool = False
    """Whether it stands somewhere without a superscript."""
    subscripts: set[tuple[str, ...]] = field(default_factory=set)
    superscripts: set[str] = field(default_factory=set)
    fenced: bool = False
    both: bool = False
    """Whether it has a superscript and a subscript at once."""

    def note(self, words: tuple[str, ...], sup: Node | None, *, layered: bool) -> None:
        """Add one use with these subscripts and this superscript."""
        self.bare |= not words
        self.lowered |= sup is None
        if words:
            self.subscripts.add(words)
        if sup is not None:
            self.superscripts.add(_word(sup))
            self.fenced |= layered
            self.both |= bool(words)


class Names:
    """The names of a text, read by what all of it does with them."""

    def __init__(
        self,
        claims: Sequence[Claim],
        places: Mapping[str, int | None] = NOWHERE,
        course: Course | None = None,
        apart: frozenset[str] = frozenset(),
    ) -> None:
        """`places` are those of layers and times: the superscript (None), or which of the subscripts.

        Letters that are `apart` are parts of names, and no indices.
        """
        self.places, self.course, self.apart = places, course, apart
        self.absent: dict[Key, str] = {}
        """Names of layers that the course's network doesn't have, and what is said of each."""
        self.layerless: set[Key] = set()
        """Names that leave open of which layer they are: of any one."""
        self.uses: dict[str, _Uses] = defaultdict(_Uses)
        self.bound: set[str] = set()
        """Letters that some sum runs over."""
        self.by_letters = False
        """Whether a letter says in which layer a quantity is: o_i comes before o_j."""
        self.applied: set[str] = set()
        """What stands before a bracket, or has a prime."""
        self.by: set[str] = set()
        """What derivatives are by."""
        self.counting: set[str] = set()
        """What stands above a Σ, as the number of its terms."""
        self.turned: set[str] = set()
        """What is transposed, or multiplied as matrices are."""
        self.starred: set[str] = set()
        """What is multiplied with a star, as numbers are."""
        self.entrywise: set[str] = set()
        """What is multiplied entry by entry, as arrays are."""
        self.first = first_number(claims)
        """By which number the first entry goes."""
        self.headed = dict(pair for claim in claims for pair in _headed(claim))
        """Letters whose entries are defined for each value of an index, and the index."""
        self.parted: set[str] = set()
        """Letters whose entries are defined one by one."""
        nodes = [node for claim in claims for side in claim.sides for node in walk(side)]
        for node in nodes:
            if isinstance(node, BigSum | BigOperation):
                self.counting.update(_base(node.upper) if node.upper is not None else ())
                self.bound.update(text for index in node.indices if (text := _word(index)))
        scripted = [node for node in nodes if isinstance(node, Scripted)]
        raised = [node.base for node in scripted if _is_beside(node.sup, self.bound)]
        self.raised = {base.text for base in raised if isinstance(base, Symbol)}
        """What has a letter of some sum above it with something added."""
        for node in nodes:
            self._note(node)
        stems = {_stem(name) for name in self.turned}
        self.turned |= {base for base in self.uses if base[-1:].isdigit() and _stem(base) in stems}
        self._references: dict[int, tuple[Node, Reference | None]] = {}
        self.numbered = self._numbered(claims)
        """Letters whose superscripts are numbers of layers, without a bracket around them."""
        self.labels = self._labels({head for claim in claims for head in _values(claim)})
        """What names a value, and so names others that have it below them: q of W_q."""
        self.running = self._running()
        """Letters that run over entries."""
        if course is not None:
            course.running = self.running
        self._indexed = {base: self._is_indexed(base) for base in [*self.uses]}
        for claim in claims:
            match claim.sides:
                case (Scripted(Symbol(text), 0, _, _, (Number(), *_)), _, *_) if self.is_indexed(text):
                    self.parted.add(text)

    def _note(self, node: Node) -> None:
        if isinstance(node, Symbol):
            self.uses[node.text].bare = self.uses[node.text].lowered = True
        elif isinstance(node, Transpose):
            self.turned.update(_base(node.of.inner if isinstance(node.of, Bracket) else node.of))
        elif isinstance(node, Derivative):
            self.by.update(_base(node.by))
        elif isinstance(node, Product):
            self._note_product(node)
        elif isinstance(node, Scripted) and isinstance(node.base, Symbol):
            itself = node.sup is not None and node.base in walk(node.sup)  # x^(x - 1) is no layer
            self.uses[node.base.text].note(*self._scripts(node), layered=node.layered and not itself)

    def _note_product(self, node: Product) -> None:
        for operator, pair in zip(node.operators, pairwise(node.factors), strict=True):
            of = {"@": self.turned, "*": self.starred, "⊙": self.entrywise}.get(operator)
            if of is not None:
                of.update(base for factor in pair for base in _base(factor))
        for factor, following in pairwise(node.factors):
            head = factor.base if isinstance(factor, Scripted) else factor
            if isinstance(head, Symbol) and isinstance(following, Bracket | Scripted | Symbol):
                self.applied.add(head.text)
            if head in _OF_MATRICES and isinstance(following, Bracket):
                inner = following.inner.items if isinstance(following.inner, Arguments) else ()
                self.turned.update(base for one in inner for base in _base(one))

    def _scripts(self, node: Scripted) -> tuple[tuple[str, ...], Node | None]:
        """What stands below a name, and what above it that is no index: y^i is an entry under a sum."""
        step = self._step(node)
        words = tuple(_word(one) for n, one in enumerate(node.sub) if n != step)
        if isinstance(node.sup, Symbol) and node.sup.text in self.bound and not self._is_raised(node):
            return (node.sup.text, *words), None
        return words, node.sup

    def _step(self, node: Scripted) -> int | None:
        """Which of a name's subscripts is its layer or its time."""
        place = self.places.get(node.base.text) if isinstance(node.base, Symbol) else None
        return place if place is not None and place < len(node.sub) else None

    def _is_raised(self, node: Scripted) -> bool:
        """Whether the text has x^{k-1} beside x^k: these are powers."""
        return isinstance(node.base, Symbol) and node.base.text in self.raised and not node.sub

    def _running(self) -> set[str]:
        """Letters of sums, of what stands with others or none as well, and all beside such a letter."""
        running = {*self.bound, *self.headed.values()}
        for uses in self.uses.values():
            if len(uses.subscripts) + uses.bare > 1:
                words_below = {word for words in uses.subscripts for word in words}
                running |= {word for word in words_below if not word.isdigit()} - self.labels
        tuples = [{*words} for uses in self.uses.values() for words in uses.subscripts]
        while (
            more := {word for words in tuples if words & running for word in words if word.isalpha()}
            - running
            - self.labels
        ):
            running |= more
        return running - self.apart

    def _numbered(self, claims: Sequence[Claim]) -> set[str]:
        """Letters of z¹ = W¹ x, z² = W² a¹: nobody writes first powers, or defines two powers of a thing."""
        heads: dict[str, set[str]] = defaultdict(set)
        for claim in claims:
            match claim.sides:
                case (Scripted(Symbol(text), 0, Number() as sup), _, *_):
                    heads[text].add(_word(sup))
        always = {base: uses for base, uses in self.uses.items() if uses.superscripts and not uses.lowered}
        begun = [uses for base, uses in always.items() if "1" in uses.superscripts or len(heads[base]) > 1]
        numbers = {sup for uses in begun for sup in uses.superscripts if sup.isdigit()}
        return {base for base, uses in always.items() if uses.superscripts <= numbers}

    def _labels(self, values: set[str]) -> set[str]:
        """Values that stand below names, alone, and nowhere beside letters that run."""
        found = values - self.bound
        for uses in self.uses.values():
            below = {word for words in uses.subscripts for word in words if word in LETTERS}
            if not below <= found or any(len(words) > 1 for words in uses.subscripts):
                found -= below
        return found

    def number_layers_by_letters(self) -> None:
        """From here on a letter says in which layer a quantity is."""
        self.by_letters = True
        self._references.clear()

    def is_known(self, key: Key) -> bool:
        """Whether it is a quantity of the course's network, or one of its gradients."""
        return self.course is not None and key in self.course.shapes

    def family(self, key: Key) -> Key:
        """The quantity, without the letters that number its layers."""
        return (
            Key(key.base, "", key.part) if self.by_letters and key.layer.replace(",", "").islower() else key
        )

    def is_index(self, word: str) -> bool:
        """Whether a subscript is a letter that runs."""
        return word in self.bound or (word in LETTERS and word in self.running)

    def is_place(self, node: Node, relation: str) -> bool:
        """Whether something compared is a letter, or i + 1: any subscript where places are equal or not."""
        match node:
            case Symbol(word):
                return self.is_index(word) or (
                    relation in ("=", "≠") and len(word) == 1 and word in self.running
                )
            case Sum((Symbol() as letter, Number() | Negative(Number()))):
                return self.is_place(letter, relation)
        return False

    def is_layered(self, base: str) -> bool:
        """Whether the letter's superscripts number its layers."""
        uses = self.uses[base]
        return base != "e" and (
            self.places.get(base, 0) is None
            or uses.fenced
            or base in self.numbered
            or bool(uses.superscripts & _LAYERS)
            or (not uses.superscripts <= _POWERS and (uses.both or _are_several(uses)))
        )

    def largest(self, key: Key) -> int:
        """The largest number of an entry that the text speaks of."""
        numbers = [int(word) for words in self.uses[key.base].subscripts for word in words if word.isdigit()]
        return max(numbers, default=0) + 1 - self.first

    def is_indexed(self, base: str) -> bool:
        """Whether the letter's subscripts number its entries."""
        return self._indexed.get(base, False)

    def _is_indexed(self, base: str) -> bool:
        uses = self.uses[base]
        singles = {words for words in uses.subscripts if len(words) == 1 and not self._counts(base, words[0])}
        singles -= {("0",), *((letter,) for letter in self.apart)}
        letters = not singles and any(
            all(self._counts(base, word) for word in words) and any(self._runs(base, word) for word in words)
            for words in uses.subscripts
        )  # beside f_a and f_p, n is no index in f_n
        return letters or (uses.bare and any(all(map(str.isdigit, words)) for words in uses.subscripts))

    def _counts(self, base: str, word: str) -> bool:
        """Whether a subscript is an index; w_0 is none where entries are counted from 1."""
        return int(word) >= self.first if word.isdigit() else self._runs(base, word)

    def _runs(self, base: str, word: str) -> bool:
        """Whether a subscript is an index: as any letter is of what is summed over another one."""
        if self.is_index(word):
            return True
        if word in self.apart:
            return False
        uses = self.uses[base]
        below = {other for words in uses.subscripts for other in words}
        is_summed = base in self.headed or not below.isdisjoint(self.bound)
        is_whole = uses.bare and any(map(self.is_index, below))  # p_c beside p and p_i
        return (is_summed or is_whole) and len(word) == 1 and word.isalpha()

    def reference(self, node: Node, letters: Mapping[str, Index] = NOTHING) -> Reference | None:
        """What a name speaks of, with its `letters` called otherwise; None for what is no name."""
        if letters:
            return self._called(self._read(node, letters))
        known = self._references.get(id(node))  # a node's hash goes through all of it
        if known is None or known[0] is not node:
            known = self._references[id(node)] = node, self._called(self._read(node, letters))
        return known[1]

    def _called(self, reference: Reference | None) -> Reference | None:
        """The reference, to a quantity of the course's network where the text has a name for it."""
        if self.course is None or reference is None or reference.key not in self.course.called:
            return reference
        return replace(reference, key=self.course.called[reference.key])

    def _read(self, node: Node, letters: Mapping[str, Index]) -> Reference | None:
        bound = isinstance(node, Symbol) and node.text in self.bound
        if self.course is not None and isinstance(node, Symbol | Scripted) and not bound:
            known = self.course.reference(node, letters)
            if known is not None:
                return known
            if absence := self.course.absence(node):
                self.absent[Key(_written(node))] = absence
                return Reference(Key(_written(node)))
            if self.course.leaves_layer_open(node):
                self.layerless.add(Key(_written(node)))
                return Reference(Key(_written(node)))
        if isinstance(node, Symbol):
            return Reference(Key(node.text))
        if not isinstance(node, Scripted) or not isinstance(node.base, Symbol):
            return None
        base = node.base.text
        below, sup = self._scripts(node)
        words = tuple(str(letters.get(word, word)) for word in below)
        layered = sup is not None and self.is_layered(base)
        layer = _word(sup) if layered and sup is not None else ""
        power = None if layered else sup
        step = self._step(node)
        part = "" if step is None else _word(node.sub[step])
        parts = base in self.parted and all(map(str.isdigit, words))
        if words and self.is_indexed(base) and all(self._counts(base, word) for word in words) and not parts:
            indices = tuple(int(word) + 1 - self.first if word.isdigit() else word for word in words)
            if self.by_letters and not layer:
                layer = ",".join(word for word in words if not word.isdigit())
            return Reference(Key(base, layer, part), indices, power, node.primes)
        return Reference(Key(base, layer, ",".join(filter(None, (part, *words)))), (), power, node.primes)


def _are_several(uses: _Uses) -> bool:
    """Whether a letter has no use of its own, and one with each of several superscripts."""
    return not uses.bare and len(uses.superscripts - {""}) > 1


def _is_beside(sup: Node | None, letters: set[str]) -> bool:
    """Whether it is k - 1."""
    match sup:
        case Sum((Symbol(letter), Number() | Negative(Number()))):
            return letter in letters
    return False


def _values(claim: Claim) -> Iterator[str]:
    """q of q = W x, but neither i of i = j nor k of k = 3."""
    match claim.sides:
        case (Symbol(text), other, *_) if not isinstance(other, Symbol | Number | BigOperation):
            yield text


def _headed(claim: Claim) -> Iterator[tuple[str, str]]:
    """q and k where q_k is defined by something that has an index k, too."""
    match claim.sides:
        case (Scripted(Symbol(text), 0, _, _, (Symbol(letter),)), *others) if letter in LETTERS:
            if any(
                isinstance(n, Scripted) and Symbol(letter) in _bare(n.sub) for o in others for n in walk(o)
            ):
                yield text, letter


def _bare(nodes: Sequence[Node]) -> list[Node]:
    """The nodes, wherever they stand."""
    return [Symbol(node.text) if isinstance(node, Symbol) else node for node in nodes]


def _stem(name: str) -> str:
    """w of w2, so that w1 is an array as w2 is."""
    return name.rstrip("0123456789")


def _base(node: Node) -> Iterator[str]:
    """The letter of a name."""
    head = node.base if isinstance(node, Scripted) else node
    if isinstance(head, Symbol):
        yield head.text


def _word(node: Node) -> str:
    """A script as a word; the same for the same script."""
    match node:
        case Number(value):
            return f"{value:g}"
        case Symbol(text):
            return text
        case Sum(terms):
            if (number := _number(terms)) is not None:
                return f"{number:g}"
            return "+".join(map(_word, terms)).replace("+-", "-")
        case Product(factors):
            return "".join(map(_word, factors))
        case Negative(of):
            return f"-{_word(of)}"
    return _written(node)


def _number(terms: Sequence[Node]) -> float | None:
    """3 of 2 + 1."""
    total = 0.0
    for term in terms:
        match term:
            case Number(value):
                total += value
            case Negative(Number(value)):
                total -= value
            case _:
                return None
    return total


def walk(node: Node) -> Iterator[Node]:
    """The node and all within, but the base and the scripts of a name."""
    yield node
    if isinstance(node, Scripted) and isinstance(node.base, Symbol):
        inner: list[Node] = [] if node.sup is None else [node.sup]
    else:
        inner = list(parts(node))
    for child in inner:
        yield from walk(child)
