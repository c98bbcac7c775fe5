"""Arrays of which the entries are written out by their names: x = (x_1, x_2)."""

from __future__ import annotations

from gradcheck.formulas.tree import Arguments, Bracket, Matrix, Node, Scripted, Symbol
from gradcheck.paper.names import Key, Names
from gradcheck.paper.values.algebra import NUMBER, ONE, Shape


def spelled(names: Names, key: Key, body: Node) -> Shape:
    """The shape of an array that is equated with its entries, each at its place; () for anything else."""
    rows = rows_of(body)
    for n, row in enumerate(rows, 1):
        for m, cell in enumerate(row, 1):
            reference = names.reference(cell)
            if reference is None or reference.key != key or reference.power is not None:
                return NUMBER
            if reference.indices not in ((n, m), (n,) if len(row) == 1 else (m,) if len(rows) == 1 else ()):
                return NUMBER
    return (str(len(rows)), str(len(rows[0])) if rows else ONE) if rows else NUMBER


def rows_of(node: Node) -> tuple[tuple[Node, ...], ...]:
    """The cells of an array that is written out; a list is a column."""
    match node:
        case Matrix(rows):
            return rows
        case Bracket(Arguments(items), "(" | "["):
            return tuple((item,) for item in items)
    return ()


def whole(head: Node) -> Node:
    """z for (z_1, z_2); any other node as it is."""
    cells = [cell for row in rows_of(head) for cell in row]
    bases = {cell.base for cell in cells if isinstance(cell, Scripted) and len(cell.sub) == 1}
    if len(cells) > 1 and len(bases) == 1 and all(isinstance(cell, Scripted) for cell in cells):
        (base,) = bases
        if isinstance(base, Symbol):
            return Symbol(base.text, head.span)
    return head
