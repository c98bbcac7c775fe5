"""A case that nobody can know: drawn for one submission, by a keyed hash of what it holds.

Numbers that one report has shown are of no use to the next submission, which is asked for others. The truth
of such a case is the reverse pass in NumPy, which the drawing has to run anyway, as far as a submission
agrees with it; where one does not, both oracles are asked (`settled`). The reverse pass is trusted only where
it reproduces the spec's own cases, which both oracles have answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from gradcheck.arrays import Array
from gradcheck.oracle.cases import Cases
from gradcheck.oracle.entry import ROUNDINGS, Entry
from gradcheck.oracle.equations import EquationCases
from gradcheck.oracle.key import AnswerKey, KeyCase
from gradcheck.oracle.layered import LayeredCases
from gradcheck.slopes import EPS

ALIKE = 1e-11
"""How far the reverse pass may be off autograd, relative to the largest entry, to be trusted."""


def with_fresh_case(key: AnswerKey, secret: int, content: str) -> AnswerKey:
    """The key with one more case, drawn like the spec's first by the run's secret and a submission's hash.

    What honest code may rely on in the spec's first case holds in it, too: the classes that occur.
    """
    plan = replace(key.spec.cases[0], seed=_seed(secret, content, key.spec.text_hash))
    drawn = _cases(key).like_first(plan.seed)
    entries = _screen(key, drawn.values) if _is_trusted(key) else _cases(key).truth(drawn.case)
    return AnswerKey(key.spec, (*key.cases, KeyCase(plan, drawn.inputs, entries, drawn.case)), key)


def settled(key: AnswerKey) -> AnswerKey:
    """The key with both oracles' word on its fresh case.

    Where PyTorch can't be imported, the reverse pass stands in for autograd, if it is trusted.
    """
    fresh = tuple(replace(one, entries=_truth(key.own, one)) for one in key.fresh)
    return replace(key, cases=(*key.own.cases, *fresh))


def _truth(own: AnswerKey, case: KeyCase) -> Mapping[str, Entry]:
    try:
        return _cases(own).truth(case.drawn)
    except (ImportError, OSError):
        if not _is_trusted(own):
            raise
    entries = _cases(own).truth_by_reverse_pass(case.drawn)
    return {name: replace(entry, by_reverse_pass=True) for name, entry in entries.items()}


@lru_cache(maxsize=256)
def _cases(key: AnswerKey) -> Cases:
    if key.spec.model is not None:
        return EquationCases(key)
    return LayeredCases(key)


def _seed(secret: int, content: str, spec: str) -> int:
    """32 bits, as the generator takes them."""
    key = secret.to_bytes(16, "big")
    digest = blake2b(f"{content} {spec}".encode(), key=key, digest_size=4).digest()
    return int.from_bytes(digest, "big")


@lru_cache(maxsize=256)
def _is_trusted(key: AnswerKey) -> bool:
    """Whether the reverse pass gives what both oracles have said of the spec's own cases."""
    for case in key.cases:
        values = _cases(key).redraw(case).values
        if not values.keys() >= case.entries.keys():
            return False
        for name, entry in case.entries.items():
            off = np.abs(values[name] - entry.autograd).max(initial=0.0)
            if not off <= max(ALIKE * entry.scale, ROUNDINGS * EPS * entry.response):
                return False
    return True


def _screen(key: AnswerKey, values: Mapping[str, Array]) -> dict[str, Entry]:
    """The reverse pass's word on a case, with rounding as it is in the spec's own cases."""
    responses = _responses(key)
    return {name: Entry.exact(value, responses[name]) for name, value in values.items()}


@lru_cache(maxsize=256)
def _responses(key: AnswerKey) -> dict[str, float]:
    """What rounding does to each quantity, relative to its largest entry, in the worst of its cases."""
    return {
        name: max(case.entries[name].response / (case.entries[name].scale or 1.0) for case in key.cases)
        for name in key.cases[0].entries
    }
