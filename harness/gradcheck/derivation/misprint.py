"""A matrix in which one name stands twice, the second time for its neighbour with the indices turned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gradcheck.derivation.context import Context
from gradcheck.derivation.effort import A_CLAIM
from gradcheck.derivation.errors import MeaningError
from gradcheck.derivation.judge import judge
from gradcheck.derivation.substitution import with_part
from gradcheck.formulas.tree import Matrix, Node, Scripted
from gradcheck.formulas.walk import nodes
from gradcheck.formulas.written import written


def misprint(context: Context, before: Node, side: Node) -> str:
    """What is said where the side is right but for that."""
    for place, cell in _doubles(side):
        turned = replace(cell, sub=cell.sub[::-1])
        if turned != cell and _right(context, [before, with_part(side, cell, turned)]):
            return (
                f"{written(cell)} stands twice in a matrix; with {written(turned)} in {place} of it, "
                "the step is right."
            )
    return ""


def _doubles(side: Node) -> Iterator[tuple[str, Scripted]]:
    for matrix, _ in nodes(side):
        if not isinstance(matrix, Matrix):
            continue
        cells = [cell for row in matrix.rows for cell in row]
        for i, row in enumerate(matrix.rows, start=1):
            for j, cell in enumerate(row, start=1):
                if isinstance(cell, Scripted) and len(cell.sub) == 2 and cells.count(cell) > 1:
                    yield f"row {i}, column {j}", cell


def _right(context: Context, sides: Sequence[Node]) -> bool:
    try:
        context.effort.spend(A_CLAIM, sides[-1].span)
        return judge(context, sides).holds
    except MeaningError:
        return False
