"""The syntax tree of a formula: what stands where, with nothing said about what it means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
"""Where a node stands in the text that was read: from, and up to but not including."""


def _span() -> Span:
    return field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True)
class Number:
    """A constant, finite and not negative."""

    value: float
    span: Span = _span()


@dataclass(frozen=True)
class Symbol:
    """A name in its ASCII form: δ is `delta` in either dialect, ŷ is `y_hat`, ℓ is `l`."""

    text: str
    span: Span = _span()


@dataclass(frozen=True)
class Scripted:
    """A base with primes, a superscript and subscripts; whether ² is a power or a layer is left open."""

    base: Node
    primes: int = 0
    sup: Node | None = None
    fence: str = ""
    """The bracket around the superscript, "(", "[" or "⟨"; it is not part of `sup`."""
    sub: tuple[Node, ...] = ()
    span: Span = _span()

    @property
    def layered(self) -> bool:
        """Whether the superscript stands in brackets."""
        return self.fence != ""


@dataclass(frozen=True)
class Transpose:
    """A node with ᵀ, `^T` or `.T`."""

    of: Node
    span: Span = _span()


@dataclass(frozen=True)
class Negative:
    """A node with a minus in front."""

    of: Node
    span: Span = _span()


@dataclass(frozen=True)
class Sum:
    """Two or more terms; one that is subtracted is a Negative."""

    terms: tuple[Node, ...]
    span: Span = _span()


@dataclass(frozen=True)
class Product:
    """Two or more factors with the operators between them: "" (side by side), "*", "·", "⊙", "@", "⊗" or ":".

    The factors are flat and in the order of the text. `f(x)` and `a(b + c)` look alike here:
    see `followed_by_bracket`.
    """

    factors: tuple[Node, ...]
    operators: tuple[str, ...]
    span: Span = _span()


@dataclass(frozen=True)
class Quotient:
    """A fraction, written with a bar or a slash. In a product a slash divides the factor before it."""

    top: Node
    bottom: Node
    span: Span = _span()


@dataclass(frozen=True)
class Power:
    """A power that can't be a layer: of a bracket, of a number, of what has a superscript, or with `**`."""

    base: Node
    exponent: Node
    span: Span = _span()


@dataclass(frozen=True)
class Derivative:
    """∂of/∂by; `of` is None where nothing follows ∂/∂by."""

    of: Node | None
    by: Node
    span: Span = _span()


@dataclass(frozen=True)
class Bracket:
    """What stands in brackets: "(", "[" or "⟨"."""

    inner: Node
    fence: str = "("
    span: Span = _span()


@dataclass(frozen=True)
class Arguments:
    """Several things in one bracket, with commas between."""

    items: tuple[Node, ...]
    span: Span = _span()


@dataclass(frozen=True)
class Keyword:
    """An argument with a name, as in `axis=0`."""

    name: str
    value: Node
    span: Span = _span()


@dataclass(frozen=True)
class Comparison:
    """`left < right` within a bracket; the relation is one of < > ≤ ≥."""

    left: Node
    relation: str
    right: Node
    span: Span = _span()


@dataclass(frozen=True)
class Matrix:
    """Rows of equal length."""

    rows: tuple[tuple[Node, ...], ...]
    span: Span = _span()


@dataclass(frozen=True)
class Cases:
    """What it is under each condition, and else."""

    branches: tuple[tuple[Node, Node], ...]
    """Values, each with the condition under which it is one."""
    otherwise: Node | None = None
    span: Span = _span()


@dataclass(frozen=True)
class Abs:
    """|inner|."""

    inner: Node
    span: Span = _span()


@dataclass(frozen=True)
class Norm:
    """‖inner‖."""

    inner: Node
    span: Span = _span()


@dataclass(frozen=True)
class BigSum:
    """Σ over the indices; its body is the rest of the product it stands in."""

    indices: tuple[Node, ...]
    lower: Node | None
    upper: Node | None
    body: Node
    span: Span = _span()
    where: Node | None = None
    """For which of the indices' values: k ≠ i."""


@dataclass(frozen=True)
class BigOperation:
    """Something else than a sum over the indices: their product, the largest of all, or the place of that."""

    name: str
    """prod, max, min, argmax or argmin."""
    indices: tuple[Node, ...]
    lower: Node | None
    upper: Node | None
    body: Node
    span: Span = _span()
    where: Node | None = None
    """As of a sum."""


@dataclass(frozen=True)
class Evaluated:
    """What stands before a bar, at the places that stand below it: ∂f/∂x|_{x=0}."""

    of: Node
    places: tuple[Keyword, ...]
    span: Span = _span()


@dataclass(frozen=True)
class Differential:
    """How something changes where the names that it is by do: df of f, by x."""

    of: Node
    by: tuple[Symbol, ...]
    span: Span = _span()


Node: TypeAlias = (
    Number
    | Symbol
    | Scripted
    | Transpose
    | Negative
    | Sum
    | Product
    | Quotient
    | Power
    | Derivative
    | Bracket
    | Arguments
    | Keyword
    | Comparison
    | Matrix
    | Cases
    | Abs
    | Norm
    | BigSum
    | BigOperation
    | Evaluated
    | Differential
)


DEMANDED = "≐"
"""The relation of what has to be equal, an = below a !."""
EQUAL = frozenset({"=", ":=", "≡", "≈", "==", DEMANDED})
"""Relations that make two sides the same."""
COMPARING = frozenset({"<", ">", "≤", "≥"})
"""Relations of conditions."""
QUESTION = "?"
"""The name that a side has which asks what it is."""


@dataclass(frozen=True)
class Claim:
    """A chain A = B = C as it stands in the text, or a formula alone (one side)."""

    sides: tuple[Node, ...]
    relations: tuple[str, ...]
    """One less than the sides: =, :=, ≡, ≈, ≠, ∝, ←, += or -=; < and its kin in a condition."""
    span: Span = field(default=(0, 0), compare=False)
    line: int = field(default=1, compare=False)
    """The line of the text, from 1."""
    inline: bool = False
    """Whether it stood in a line of prose."""
    leading: str = ""
    """The relation in front of the first side, where nothing stood before it."""
    whole: bool = True
    """False where a side of the chain could not be read and is left out."""
    restricts: bool = False
    """Whether it is a condition of the claim before it: a = y of "= 0 if a = y"."""

    @property
    def equates(self) -> bool:
        """Whether its relations are those of a chain of equalities."""
        return all(relation in EQUAL for relation in self.relations)

    @property
    def asks(self) -> bool:
        """Whether it asks what something is."""
        return Symbol(QUESTION) in self.sides
