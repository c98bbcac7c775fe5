"""A product taken apart: its number, its scalars and its arrays, so that 2 · λ/2 · W is written λ W."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

MOST_DENOMINATOR = 12
"""Numbers that would need a larger one are written with a decimal point."""


@dataclass
class Product:
    """number · over / under · arrays / divisors, the last two entry by entry."""

    number: Fraction = Fraction(1)
    over: list[ast.expr] = field(default_factory=list)
    under: list[ast.expr] = field(default_factory=list)
    arrays: list[ast.expr] = field(default_factory=list)
    divisors: list[ast.expr] = field(default_factory=list)

    @property
    def alone(self) -> ast.expr | None:
        """The only factor, if there is but one."""
        factors = [*self.over, *self.arrays]
        divided = self.number != 1 or self.under or self.divisors
        return factors[0] if len(factors) == 1 and not divided else None


def product(node: ast.expr, is_scalar: Callable[[ast.expr], bool]) -> Product:
    """The product that a formula is; of one factor where it is none."""
    made = Product()

    def gather(node: ast.expr, divides: bool) -> None:
        match node:
            case ast.Constant(float() | int() as value):
                number = Fraction(str(value))
                made.number = made.number / number if divides else made.number * number
            case ast.UnaryOp(ast.USub(), operand):
                made.number = -made.number
                gather(operand, divides)
            case ast.BinOp(left, ast.Mult() | ast.Div() as operator, right):
                gather(left, divides)
                gather(right, divides != isinstance(operator, ast.Div))
            case ast.Call(ast.Name("ones")):
                pass
            case ast.Call(ast.Name("zeros")):
                made.number = Fraction(0)
            case _:
                sides = (made.over, made.under) if is_scalar(node) else (made.arrays, made.divisors)
                _multiply(node, *(reversed(sides) if divides else sides))

    gather(node, False)
    return made


def terms(node: ast.expr) -> list[tuple[bool, ast.expr]]:
    """(subtracted?, term) of the sum that a formula is; of one term where it is none."""
    match node:
        case ast.BinOp(left, ast.Add(), right):
            return [*terms(left), *terms(right)]
        case ast.BinOp(left, ast.Sub(), right):
            return [*terms(left), *((not minus, term) for minus, term in terms(right))]
    return [(False, node)]


def _multiply(factor: ast.expr, these: list[ast.expr], those: list[ast.expr]) -> None:
    """Put the factor with these, or cancel it against one of those."""
    same = next((other for other in those if ast.dump(other) == ast.dump(factor)), None)
    if same is None:
        these.append(factor)
    else:
        those.remove(same)
