"""A tree as text: plain, and the same tree again when it is read."""

from __future__ import annotations

from dataclasses import replace

from gradcheck.formulas.tree import (
    Abs,
    Arguments,
    BigOperation,
    BigSum,
    Bracket,
    Cases,
    Comparison,
    Derivative,
    Differential,
    Evaluated,
    Keyword,
    Matrix,
    Negative,
    Node,
    Norm,
    Number,
    Power,
    Product,
    Quotient,
    Scripted,
    Sum,
    Symbol,
    Transpose,
)
from gradcheck.formulas.walk import innermost, is_application, is_name

_CLOSING = {"(": ")", "[": "]", "⟨": "⟩"}
_ORDERS = ("", "²", "³")
_LOOSE = (Sum, Negative, Product, BigSum, BigOperation, Comparison, Arguments, Keyword)


def written(node: Node) -> str:
    """The formula in plain text."""
    match node:
        case Sum(terms=terms):
            return _term(terms[0]) + "".join(map(_signed_term, terms[1:]))
        case Negative(of=of):
            return f"-{_term(of)}"
        case Product():
            return _product(node)
        case Quotient(top=top, bottom=bottom):
            return f"{_top(top)}/{_bottom(bottom)}"
        case Arguments(items=items):
            return _listed(items)
        case Keyword(name=name, value=value):
            return f"{name}={written(value)}"
        case Comparison(left=left, relation=relation, right=right):
            return f"{written(left)} {relation} {written(right)}"
        case BigSum() | BigOperation():
            return _big(node)
        case Derivative():
            return _derivative(node)
        case _:
            return _tight(node)


def _tight(node: Node) -> str:
    """What nothing beside it can tear apart."""
    match node:
        case Number(value=value):
            return f"{value:.0f}" if value.is_integer() and value < 1e15 else repr(value)
        case Symbol(text=text):
            return text
        case Bracket() | Matrix() | Cases() | Abs() | Norm():
            return _enclosed(node)
        case Scripted():
            return _scripted(node)
        case Transpose(of=of):
            return f"{_base(of)}^T"
        case Differential(of=of):
            return f"d{_grouped(of)}"
        case Evaluated(of=of, places=places):
            return f"{_base(of)}|_{{{_listed(places)}}}"
        case Power(base=base, exponent=exponent):
            return f"{_base(base)}{_power_mark(node)}{_script(exponent)}"
    return _grouped(node)


def _enclosed(node: Bracket | Matrix | Cases | Abs | Norm) -> str:
    if isinstance(node, Matrix):
        return f"[{', '.join(f'[{_listed(row)}]' for row in node.rows)}]"
    if isinstance(node, Cases):
        rows = [f"{written(value)} if {written(condition)}" for value, condition in node.branches]
        return (
            "{"
            + "; ".join([*rows, *([f"{written(node.otherwise)} otherwise"] if node.otherwise else [])])
            + "}"
        )
    inner = written(node.inner)
    match node:
        case Abs():
            return f"|{inner}|"
        case Norm():
            return f"‖{inner}‖"
        case Bracket(fence=fence):
            return f"{fence}{inner}{_CLOSING[fence]}"


def _listed(items: tuple[Node, ...]) -> str:
    return ", ".join(map(written, items))


def _grouped(node: Node) -> str:
    """In brackets, or in braces where a bracket would be something more to read."""
    return f"({written(node)})" if isinstance(node, _LOOSE) else f"{{{written(node)}}}"


def _term(node: Node) -> str:
    return _grouped(node) if isinstance(node, Sum) else written(node)


def _signed_term(node: Node) -> str:
    return f" - {_term(node.of)}" if isinstance(node, Negative) else f" + {_term(node)}"


def _power_mark(power: Power) -> str:
    """** where ^ would be a superscript of a name, or a transpose."""
    simple = isinstance(power.exponent, Number | Symbol | Bracket | Negative | Sum)
    return "^" if simple and power.exponent != Symbol("T") and not is_name(power.base) else "**"


def _base(node: Node) -> str:
    """A node that scripts hang on."""
    if isinstance(node, Power) and _power_mark(node) == "**":
        return _grouped(node)
    return _tight(node)


def _script(node: Node) -> str:
    """What follows ^."""
    match node:
        case Number() | Bracket(fence="("):
            bare = True
        case Symbol(text=text):
            bare = "_" not in text  # x^a_1 is x^a with an index
        case _:
            bare = False
    return written(node) if bare else f"{{{written(node)}}}"


def _scripted(node: Scripted) -> str:
    text = _base(node.base) + "'" * node.primes
    if node.sup is not None:
        text += "^" + (_tight(Bracket(node.sup, node.fence)) if node.fence else _script(node.sup))
    if node.sub:
        text += f"_{{{','.join(map(written, node.sub))}}}"
    return text


def _top(node: Node) -> str:
    bare = isinstance(node, Quotient) or is_application(node) or _is_slanted(node)
    if isinstance(node, Product) and "@" in node.operators:
        bare = True
    return written(node) if bare else _tight(node)


def _bottom(node: Node) -> str:
    if isinstance(node, Negative):
        return f"-{_bottom(node.of)}"
    return written(node) if is_application(node) or _is_slanted(node) else _tight(node)


def _product(node: Product) -> str:
    factors = node.factors
    text = _factor(node, 0)
    for i, operator in enumerate(node.operators, start=1):
        if operator:
            text += f" {operator} "
        elif not _touches(factors[i - 1], factors[i]):
            text += " "
        text += _factor(node, i)
    return text


def _touches(before: Node, factor: Node) -> bool:
    """Whether the factor is the bracket of a call or an index, which stands close to what it belongs to."""
    bracket = innermost(factor)
    if not isinstance(bracket, Bracket):
        return False
    if bracket.fence == "(":
        return is_name(before)
    owner = innermost(before)
    return is_name(owner) or (isinstance(owner, Bracket) and owner.fence == "(")


def _factor(product: Product, i: int) -> str:
    node, operator = product.factors[i], product.operators[i - 1] if i else ""
    last = i == len(product.factors) - 1
    match node:
        case Quotient(top=top):
            return _grouped(node) if _would_divide_more(product, i, top) else written(node)
        case Negative(of=of) if operator and (is_application(of) or not isinstance(of, Sum | Product)):
            return f"-{_bottom(of)}" if not isinstance(of, Quotient) else written(node)
        case BigSum() | BigOperation() if last:
            return written(node)
        case Derivative(of=of) if of is not None and not last and not _is_slanted(node):
            return _derivative(_with_grouped(node))
        case Derivative():
            return written(node)
    return _tight(node)


def _would_divide_more(product: Product, i: int, top: Node) -> bool:
    """Whether the slash would reach further back than the top of this factor."""
    if "@" in product.operators[:i]:
        return True
    call = i > 0 and product.operators[i - 1] == "" and is_name(product.factors[i - 1])
    first = top
    while isinstance(first, Quotient):
        first = first.top
    return call and isinstance(innermost(first), Bracket)


def _with_grouped(node: Derivative) -> Derivative:
    """The derivative with what stands above in a bracket, so that it takes nothing that follows."""
    of = node.of
    if isinstance(of, Derivative):
        return replace(node, of=_with_grouped(of))
    return node if of is None or _is_close(of) else replace(node, of=Bracket(of))


def _is_slanted(node: Node) -> bool:
    """Whether it is a derivative that is written ∂of/∂by, one thing by itself."""
    if not isinstance(node, Derivative):
        return False
    return node.of is None or _is_close(node.of) or _is_slanted(node.of)


def _is_close(node: Node) -> bool:
    if isinstance(node, Power):
        return _power_mark(node) == "^"
    return not isinstance(node, (*_LOOSE, Quotient, Derivative)) or is_application(node)


def _derivative(node: Derivative) -> str:
    """∂f/∂x, and ∂²f/∂x∂y of a derivative of a derivative."""
    of, below = node.of, _below(node.by)
    order = 1
    while isinstance(of, Derivative) and order < len(_ORDERS):
        below += _below(of.by)
        of = of.of
        order += 1
    if of is None:
        return f"∂{_ORDERS[order - 1]}/{below}"
    if _is_close(of):
        return f"∂{_ORDERS[order - 1]}{written(of)}/{below}"
    return f"∂{_ORDERS[order - 1]}/{below} {_term(of)}"


def _below(by: Node) -> str:
    return "∂" + (written(by) if is_application(by) else _base(by))


_SIGNS = {"prod": "∏"}


def _big(node: BigSum | BigOperation) -> str:
    sign = "Σ" if isinstance(node, BigSum) else _SIGNS.get(node.name, node.name)
    below = ", ".join(map(written, node.indices)) if node.where is None else written(node.where)
    if node.lower is not None:
        below += f"={written(node.lower)}"
    scripts = f"_{{{below}}}" if below else ""
    if node.upper is not None:
        scripts += f"^{{{written(node.upper)}}}"
    return f"{sign}{scripts} {_term(node.body)}"
