"""How formulas are written: what textbooks and NumPy have in common."""

from __future__ import annotations

import ast
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import ClassVar, NamedTuple

from gradcheck.mistakes.writing.product import Product, product, terms

_ARRAY = re.compile(r"(d?(x|y|z|a|b|W[xh]?)|dout|w|right)(_[a-z]+|[0-9]+)?")

FUNCTIONS = {
    "diagonal": "diag({})",
    "gathered": "correlate({})",
    "overwritten": "conv_transpose_overwriting({})",
    "places": "n_places",
    "rotated": "rot180({})",
    "spread": "conv_transpose({})",
}
"""Function -> what is written, with {} for its arguments; one that is not listed goes by its own name."""


class Level(IntEnum):
    """How firmly the parts of a text hold together."""

    SUM = 0
    PRODUCT = 1
    """Joined by a sign such as ⊙."""
    TIGHT = 2
    """Side by side, such as W δ."""
    ATOM = 3


class Written(NamedTuple):
    """A text with how firmly it holds together."""

    text: str
    level: Level

    def within(self, level: Level) -> str:
        """The text, in brackets where it holds together less firmly than that."""
        return self.text if self.level >= level else f"({self.text})"


class Hand(ABC):
    """Writes trees that are oriented already; nothing is computed but numbers and cancelling scalars."""

    functions: ClassVar[Mapping[str, str]]
    """As FUNCTIONS, with what is this hand's own."""
    reductions: ClassVar[Mapping[str, Written]]
    """The same for functions that leave an axis away, with how firmly the result holds together."""

    def __init__(self, name: Callable[[str], str]) -> None:
        self._name = name
        """What the learner calls a quantity, a slope or an activation."""

    def write(self, node: ast.expr) -> str:
        """The formula as text."""
        return self.written(node).text

    def written(self, node: ast.expr) -> Written:
        """The formula with how firmly it holds together."""
        match node:
            case ast.Name(name):
                text = self._name(name)
                return Written(text, Level.SUM if " " in text else Level.ATOM)
            case ast.Call(ast.Name(function)):
                return self._call(function, node)
            case ast.BinOp(_, ast.Add() | ast.Sub(), _):
                return self._sum(node)
            case ast.BinOp(left, ast.MatMult(), right):
                return self.matmul(self.written(left), self.written(right))
            case ast.BinOp(base, ast.Pow(), exponent):
                return self.power(self.written(base), self.write(exponent))
            case ast.Constant(bool() as truth):
                return Written(str(truth), Level.ATOM)
            case ast.BinOp() | ast.UnaryOp(ast.USub()) | ast.Constant():
                return self._product(product(node, is_scalar))
        return Written(ast.unparse(node), Level.SUM)

    @abstractmethod
    def matmul(self, left: Written, right: Written) -> Written:
        """The matrix product."""

    @abstractmethod
    def power(self, base: Written, exponent: str) -> Written:
        """Every entry to that power."""

    @abstractmethod
    def transpose(self, inner: Written) -> Written:
        """The transpose."""

    @abstractmethod
    def joined(self, made: Product) -> Written:
        """A product with a positive number and at least two factors, counting a number that isn't 1."""

    def _product(self, made: Product) -> Written:
        if made.number == 0:
            return Written("0", Level.ATOM)
        if made.number < 0:
            made.number = -made.number
            return Written(f"-{self._product(made).within(Level.PRODUCT)}", Level.SUM)
        return self.written(made.alone) if made.alone else self.joined(made)

    def _sum(self, node: ast.expr) -> Written:
        text = ""
        for minus, term in terms(node):
            made = self.written(term)
            if made.text == "0":
                continue
            negative = made.text.startswith("-")
            sign = "-" if minus != negative else "+"
            body = made.text[1:] if negative else made.within(Level.PRODUCT)
            text = f"{text} {sign} {body}" if text else f"{sign.strip('+')}{body}"
        return Written(text or "0", Level.SUM if text else Level.ATOM)

    def _call(self, function: str, node: ast.Call) -> Written:
        if function in ("ones", "zeros"):
            return Written("1" if function == "ones" else "0", Level.ATOM)
        if function == "T":
            return self.transpose(self.written(node.args[0]))
        if function in self.reductions:
            template, level = self.reductions[function]
            return Written(template.format(self.written(node.args[0]).within(Level.ATOM)), level)
        inner = [*map(self._argument, node.args), *(f"{k.arg}={self.write(k.value)}" for k in node.keywords)]
        template = self.functions.get(function) or f"{self._name(function)}({{}})"
        return Written(template.format(", ".join(inner)), Level.ATOM)

    def _argument(self, node: ast.expr) -> str:
        """An argument of a function, where a 1 for each entry is not a number."""
        match node:
            case ast.Call(ast.Name("ones" | "zeros" as name)):
                return name
        return self.write(node)


def is_scalar(node: ast.expr) -> bool:
    """Whether the formula is one number: it counts something, or no array's name occurs in it."""
    names = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
    return "places" in names or not any(map(is_array, names))


def is_array(name: str) -> bool:
    """Whether a name of the catalogue's language is an array's."""
    return _ARRAY.fullmatch(name) is not None
