"""A case that nobody can know: drawn for one submission, by a keyed hash of what it holds.

Numbers that one report has shown are of no use to the next submission, which is asked for others. The truth
of such a case is the reverse pass in NumPy, which the drawing has to run anyway, as far as a submission
agrees with it; where one does not, both oracles are asked (`settled`). The reverse pass is trusted only where
it reproduces the spec's own cases, which both oracles have answered.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from gradcheck.maths._arrays import Array
from gradcheck.oracle.entry import ROUNDINGS, Entry
from gradcheck.oracle.key import AnswerKey, KeyCase
from gradcheck.slopes import EPS
from gradcheck.spec.cases import Case, Passes, Sampler, run_passes
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
    passes = _sampler(key).draw(plan.seed)
    entries = _screen(key, passes) if _is_trusted(key) else _answered(spec, passes.case)
    fresh = KeyCase(plan, inputs(spec, passes.case, passes.values), entries, passes.case)
    return AnswerKey(spec, (*key.cases, fresh), key)


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
def _sampler(key: AnswerKey) -> Sampler:
    """Of cases like the spec's first."""
    first = key.cases[0].case(key.spec)
    return Sampler(first.chain, len(first.x), first.y)


@lru_cache(maxsize=256)
def _is_trusted(key: AnswerKey) -> bool:
    """Whether the reverse pass gives what both oracles have said of the spec's own cases."""
    for case in key.cases:
        found = _reversed(key, run_passes(case.case(key.spec)))
        if not found.keys() >= case.entries.keys():
            return False
        for name, entry in case.entries.items():
            off = np.abs(found[name] - entry.autograd).max(initial=0.0)
            if not off <= max(ALIKE * entry.scale, ROUNDINGS * EPS * entry.response):
                return False
    return True


def _screen(key: AnswerKey, passes: Passes) -> dict[str, Entry]:
    """The reverse pass's word on a case, with rounding as it is in the spec's own cases."""
    responses = _responses(key)
    return {name: Entry.exact(value, responses[name]) for name, value in _reversed(key, passes).items()}


@lru_cache(maxsize=256)
def _responses(key: AnswerKey) -> dict[str, float]:
    """What rounding does to each quantity, relative to its largest entry, in the worst of its cases."""
    return {
        name: max(case.entries[name].response / (case.entries[name].scale or 1.0) for case in key.cases)
        for name in key.cases[0].entries
    }


@lru_cache(maxsize=256)
def _wanted(key: AnswerKey) -> frozenset[str]:
    """All that is checked or accepted, a bias that is folded into its weights by itself."""
    return frozenset(key.spec.notation.unfolded([*key.spec.check, *key.spec.accept]))


def _reversed(key: AnswerKey, passes: Passes) -> dict[str, Array]:
    """What the passes make of all that is checked or accepted, in the learner's layout."""
    wanted, case = _wanted(key), passes.case
    known = {**passes.values, **{f"d{name}": g for name, g in passes.gradients.items()}}
    if "J" in wanted:
        losses = case.chain.losses(passes.values[case.chain.steps[-1].out], case.y)
        known["J"] = np.asarray(case.chain.reduced(losses, case.parameters))
    if any("/" in name for name in wanted):
        from gradcheck.mistakes.reverse import links
        from gradcheck.mistakes.scene import Scene

        known |= links(Scene(case, passes.values))
    if not known.keys() >= wanted:
        return {}  # it knows no such link
    return key.spec.notation.present({name: known[name] for name in wanted})


def _answered(spec: Spec, case: Case) -> dict[str, Entry]:
    from gradcheck.oracle.answer import entries  # PyTorch: seldom needed

    return entries(spec, case)
