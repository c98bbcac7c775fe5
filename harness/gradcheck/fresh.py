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

from gradcheck.maths._arrays import Array
from gradcheck.oracle.entry import ROUNDINGS, Entry
from gradcheck.oracle.key import AnswerKey, KeyCase
from gradcheck.oracle.slopes import EPS, Slopes
from gradcheck.spec.cases import Case, draw_with_gradients
from gradcheck.spec.inputs import inputs
from gradcheck.spec.records import Spec

ALIKE = 1e-11
"""How far the reverse pass may be off autograd, relative to the largest entry, to be trusted."""


def with_fresh_case(key: AnswerKey, secret: int, content: str) -> AnswerKey:
    """The key with one more case, drawn like the spec's first by the run's secret and a submission's hash.

    What honest code may rely on in the spec's first case holds in it, too: the classes that occur.
    """
    spec = key.spec
    plan = replace(spec.cases[0], seed=_seed(secret, content, spec.text_hash))
    first = _first(key)
    case, gradients = draw_with_gradients(first.chain, plan.batch, plan.seed, like=first.y)
    entries = _screen(key, case, gradients) if _is_trusted(key) else _answered(spec, case)
    return replace(key, cases=(*key.cases, KeyCase(plan, inputs(spec, case), entries, case)), known=key)


def settled(key: AnswerKey) -> AnswerKey:
    """The key with both oracles' word on its fresh case."""
    fresh = tuple(replace(one, entries=_answered(key.spec, one.case(key.spec))) for one in key.fresh)
    return replace(key, cases=(*key.own.cases, *fresh))


def _seed(secret: int, content: str, spec: str) -> int:
    """32 bits, as the generator takes them."""
    key = secret.to_bytes(16, "big")
    digest = blake2b(f"{content} {spec}".encode(), key=key, digest_size=4).digest()
    return int.from_bytes(digest, "big")


@lru_cache(maxsize=256)
def _first(key: AnswerKey) -> Case:
    return key.cases[0].case(key.spec)


@lru_cache(maxsize=256)
def _is_trusted(key: AnswerKey) -> bool:
    """Whether the reverse pass gives what both oracles have said of the spec's own cases."""
    for case in key.cases:
        drawn = case.case(key.spec)
        found = _reversed(key.spec, drawn, drawn.chain.reverse(drawn.parameters, drawn.x, drawn.y))
        if not found.keys() >= case.entries.keys():
            return False
        for name, entry in case.entries.items():
            off = np.abs(found[name] - entry.autograd).max(initial=0.0)
            if not off <= max(ALIKE * entry.scale, ROUNDINGS * EPS * entry.response):
                return False
    return True


def _screen(key: AnswerKey, case: Case, gradients: Mapping[str, Array]) -> dict[str, Entry]:
    """The reverse pass's word on a case, with rounding as it is in the spec's own cases."""
    responses = _responses(key)
    found = {}
    for name, value in _reversed(key.spec, case, gradients).items():
        scale = float(np.abs(value).max(initial=0.0))
        found[name] = Entry(value, Slopes.exact(value, np.zeros_like(value)), responses[name] * scale)
    return found


@lru_cache(maxsize=256)
def _responses(key: AnswerKey) -> dict[str, float]:
    """What rounding does to each quantity, relative to its largest entry, in the worst of its cases."""
    return {
        name: max(case.entries[name].response / (case.entries[name].scale or 1.0) for case in key.cases)
        for name in key.cases[0].entries
    }


def _reversed(spec: Spec, case: Case, gradients: Mapping[str, Array]) -> dict[str, Array]:
    """What the reverse pass makes of all that is checked or accepted, in the learner's layout."""
    wanted = spec.notation.unfolded([*spec.check, *spec.accept])
    chain, parameters = case.chain, case.parameters
    known = {f"d{name}": g for name, g in gradients.items()}
    if not known.keys() >= set(wanted):
        known |= chain.values(parameters, case.x)
        known["J"] = np.asarray(chain.objective(parameters, case.x, case.y))
    if any("/" in name for name in wanted):
        from gradcheck.mistakes.reverse import links
        from gradcheck.mistakes.scene import Scene

        known |= links(Scene(case))
    if not known.keys() >= set(wanted):
        return {}  # it knows no such link
    return spec.notation.present({name: known[name] for name in wanted})


def _answered(spec: Spec, case: Case) -> dict[str, Entry]:
    from gradcheck.oracle.answer import entries  # PyTorch: seldom needed

    return entries(spec, case)
