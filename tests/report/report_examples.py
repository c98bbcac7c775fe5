"""Verdicts made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gradcheck.submission.records import Failure, Location
from gradcheck.verdict.listing import LISTED
from gradcheck.verdict.records import Correction, Diagnosis, Discrepancy, Quantity, Status, Table, Verdict


def table(
    yours: ArrayLike,
    true: ArrayLike,
    *,
    error: float = 2e-12,
    unknown: ArrayLike = False,
    tolerance: float = 1e-9,
) -> Table:
    """A table of the second case, wrong wherever the two differ by more than the tolerance."""
    yours, true = np.array(yours, float), np.array(true, float)
    unknown = np.broadcast_to(np.array(unknown), true.shape)
    return Table(
        case=1,
        yours=yours,
        autograd=true,
        differences=true + error / 2,
        error=np.full(true.shape, error),
        wrong=~(np.abs(yours - true) <= tolerance) & ~unknown,
        unknown=unknown,
        tolerance=tolerance,
    )


def discrepancies(numbers: Table) -> tuple[Discrepancy, ...]:
    """The entries that are not right, worst first."""
    bad = [tuple(map(int, index)) for index in np.argwhere(numbers.wrong | numbers.unknown)]
    off = np.nan_to_num(numbers.off, nan=np.inf)
    bad.sort(key=lambda index: -float(off[index]))
    return tuple(
        Discrepancy(
            label=f"W[{', '.join(map(str, index))}]" if index else "J",
            index=index,
            yours=float(numbers.yours[index]),
            autograd=None if numbers.autograd is None else float(numbers.autograd[index]),
            differences=float(numbers.differences[index]),
            error=float(numbers.error[index]),
            wrong=bool(numbers.wrong[index]),
        )
        for index in bad[:LISTED]
    )


def wrong(symbol: str, numbers: Table, **fields: Any) -> Quantity:
    """A quantity with these numbers in its worst case."""
    given: dict[str, Any] = {
        "name": symbol,
        "symbol": symbol,
        "status": Status.WRONG,
        "reason": "values",
        "table": numbers,
        "discrepancies": discrepancies(numbers),
        "count": int((numbers.wrong | numbers.unknown).sum()),
        "unit": "weight",
        "entries": numbers.yours.size,
        "wrong_cases": 2,
        "cases": 3,
        "relative_tolerance": 1e-9,
        "max_points": 4.0,
    }
    return Quantity(**given | fields)


def right(symbol: str, **fields: Any) -> Quantity:
    """A quantity without a fault."""
    given: dict[str, Any] = {
        "name": symbol,
        "symbol": symbol,
        "status": Status.RIGHT,
        "unit": "weight",
        "entries": 3,
        "cases": 3,
        "relative_tolerance": 1e-9,
        "points": 4.0,
        "max_points": 4.0,
    }
    return Quantity(**given | fields)


def error(symbol: str, reason: str, **fields: Any) -> Quantity:
    """A quantity without numbers."""
    given: dict[str, Any] = {"name": symbol, "symbol": symbol, "status": Status.ERROR, "reason": reason}
    return Quantity(**given | {"unit": "weight", "cases": 3, "max_points": 4.0} | fields)


def verdict(quantities: Sequence[Quantity], **fields: Any) -> Verdict:
    """What is said of one submission."""
    given: dict[str, Any] = {
        "submission": "asker",
        "spec": "specs/two_layer.yaml",
        "title": "Backpropagation by hand on a 2-3-1 network",
        "quantities": tuple(quantities),
    }
    return Verdict(**given | fields)


def _tiled(rows: int, columns: int) -> Any:
    """A large matrix without equal neighbours, of exact numbers."""
    return ((np.arange(rows * columns) * 37) % 101 - 50.5).reshape(rows, columns) / 64


_TRUE = np.array([[0.013727, -0.003310], [0.020125, 0.008817], [-0.016070, 0.010848]])
_MATRIX = np.array([[1.5, -2.25, 0.75, 3.5, -1.25]] * 4) + np.arange(4)[:, None] / 8
_ROW = np.where(np.arange(4)[:, None] == 1, -3 * _MATRIX, _MATRIX)
_ROW[2, 2] += 0.3
_VECTOR = np.array([0.5, -0.25, 0.125, 2.0, -1.5, 0.75, 1.0, -0.5])
_LARGE = _tiled(200, 300)
_RIBBON = np.add.outer(np.arange(200), np.arange(300)) // 60 == 3
_HOSTILE = "\x1b[31mred\x1b[0m <script>alert('&')</script> \u202eright to left \x00 " + "x" * 300

TRACEBACK = Failure(
    kind="exception",
    message="ValueError: shapes (3,2) and (3,) not aligned: 2 (dim 1) != 3 (dim 0)",
    where=Location("asker.py", 12, "backprop"),
    trace=(
        '  File "specs/two_layer.yaml", line 11, in run',
        "    dW2, db2, dW3 = backprop(x, y, W2, b2, W3)",
        '  File "submissions/asker.py", line 12, in backprop',
        "    delta2 = W3.T @ delta3 * sigmoid_prime(z2)",
    ),
)

EXAMPLES = {
    "all_right": verdict([right("dW3"), right("dW2", entries=6), right("db2")]),
    "wrong_matrix": verdict(
        [
            right("dW3"),
            wrong(
                "dW2",
                table(-3 * _TRUE, _TRUE, error=2e-8),
                help="All your numbers are −3 times the right ones.",
            ),
            right("db2"),
        ],
        accepted=(right("δ³"), wrong("δ²", table(-3 * _TRUE[0], _TRUE[0]))),
        notes=("Your function changed its input x in place.",),
        output="\n".join(f"z = {i}" for i in range(25)),
    ),
    "wrong_row": verdict([wrong("dW1", table(_ROW, _MATRIX))]),
    "wrong_vector": verdict([wrong("db1", table(_VECTOR * [1, 1, 1, -1, -1, 1, 1, 1], _VECTOR))]),
    "wrong_cube": verdict(
        [wrong("dK", table(np.arange(24).reshape(2, 3, 4) % 7, np.arange(24).reshape(2, 3, 4)))]
    ),
    "undecided": verdict(
        [
            right("dW3"),
            wrong(
                "dW2",
                table(_TRUE * 1.01, _TRUE, unknown=_TRUE > 0.02),
                message="in W[1, 0] autograd and the difference quotient disagree.",
            ),
            wrong(
                "db2",
                table(_VECTOR, _VECTOR, unknown=_VECTOR > 1),
                status=Status.CANNOT_TELL,
                reason="oracles",
            ),
        ]
    ),
    "diagnosed": verdict(
        [wrong("dW1", table(_ROW, _MATRIX), follows="δ¹")],
        diagnosis=Diagnosis(
            quantity="dz1",
            symbol="δ¹",
            location="δ¹ is the first wrong quantity.",
            consequences="dW1 follows from δ¹.",
            category="a factor of the chain is missing, doubled or another one",
            corrections=(
                Correction("δ¹ = (W²)ᵀ δ²", "δ¹ = (W²)ᵀ δ² ⊙ σ′(z¹)", "the factor σ′(z¹) is left out"),
            ),
            question="Which function lies between z¹ and a¹?",
            explanations=(("activation-derivative-left-out",), ("weights-left-out", "stray-constant")),
        ),
    ),
    "crash": verdict(
        [
            error(symbol, "failed", message=f"{TRACEBACK.message} ({TRACEBACK.where})")
            for symbol in ("dW3", "dW2", "db2")
        ],
        failure=TRACEBACK,
        output="starting",
    ),
    "wrong_shape": verdict(
        [
            right("dW3"),
            error("dW2", "shape", message="the shape is (2, 3), not (3, 2)", help="is it transposed?"),
        ]
    ),
    "missing": verdict([right("dW3"), error("dW2", "missing", message="run sets no dW2")]),
    "not_finite": verdict(
        [
            wrong(
                "dW2",
                table(np.where(_TRUE > 0.01, np.nan, np.where(_TRUE < -0.01, -np.inf, _TRUE)), _TRUE),
                reason="not finite",
                message="3 entries are nan, 1 is infinite",
            )
        ]
    ),
    "single": verdict(
        [
            right("dW3", single=True, relative_tolerance=1e-5),
            wrong("dW2", table(_TRUE + 1e-5, _TRUE, tolerance=1e-6), single=True, relative_tolerance=1e-5),
        ]
    ),
    "large": verdict([wrong("dW1", table(np.where(_RIBBON, 1.5 * _LARGE, _LARGE), _LARGE))]),
    "scalar": verdict([wrong("J", table(2.5e-9, 1.25e-9, error=3e-13, tolerance=1e-18))]),
    "function": verdict(
        [
            wrong(
                "x",
                Table(**{**vars(table(_VECTOR + np.eye(8)[2], _VECTOR)), "autograd": None}),
                unit="entry",
                cases=1,
                wrong_cases=1,
                max_points=0.0,
            )
        ],
        spec="functions.py",
        submission="softplus",
    ),
    "hostile": verdict(
        [wrong(_HOSTILE, table(_TRUE * 2, _TRUE), message=_HOSTILE, help=_HOSTILE)],
        failure=Failure("exception", _HOSTILE, Location(_HOSTILE, 3, _HOSTILE), (_HOSTILE, "\tindented")),
        submission=_HOSTILE,
        title=_HOSTILE,
        notes=(_HOSTILE,),
        output=_HOSTILE + "\r\n漢字\tcafe\u0301",
    ),
}
