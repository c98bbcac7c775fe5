"""A network as one function by NumPy, for those that run it often."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np

from gradcheck.arrays import Array
from gradcheck.expr.named import Lengths
from gradcheck.expr.registry import CALLED, OVER
from gradcheck.network.code import write_function
from gradcheck.network.records import Network


def compiled(
    network: Network, results: Collection[str], lengths: Lengths
) -> Callable[[Mapping[str, Array]], dict[str, Array]]:
    """(what is given, by name, as the network lays it) -> the results, by name, laid likewise.

    `lengths` are those of axes that nothing given has. The function is the code that is written for people
    (`code.py`), with the operations' own values in the place of shorter ones, which lose digits at the ends.
    Outside a function's domain the result is NaN or infinite, silently.
    """
    code = write_function(network, results, "run", parameters=list(network.given), lengths=lengths)
    scope: dict[str, Any] = {}
    exec(code, scope)
    scope |= {name: op.value for name, op in (CALLED | OVER).items() if name in scope}
    run, given, names = scope["run"], list(network.given), list(results)

    def call(arrays: Mapping[str, Array]) -> dict[str, Array]:
        with np.errstate(all="ignore"):
            made = run(*(arrays[name] for name in given))
        return dict(zip(names, made if len(names) > 1 else (made,), strict=True))

    return call
