"""`gradcheck spec check --power`: what the cases of a spec cannot show, and which case would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradcheck.diagnosis.effects import Label
    from gradcheck.diagnosis.power import Power
    from gradcheck.specification.records import CasePlan, Spec

MOST = 12
"""How many mistakes, and how many pairs of them, are listed for one case."""


def lines(spec: Spec) -> Iterator[str]:
    """What is said of a spec, below that it is fine."""
    from gradcheck.diagnosis.power import power

    found = power(spec)
    yield f"  {_sum(found)}"
    for remedy in found.remedies:
        yield f"  with one more case, {written(remedy.case)},"
        yield from _list("would show", _by_name(remedy.unseen))
        yield from _list("would be told apart", [" and ".join(_by_name(pair)) for pair in remedy.alike])


def _sum(found: Power) -> str:
    unseen = sum(len(remedy.unseen) for remedy in found.remedies)
    alike = sum(len(remedy.alike) for remedy in found.remedies)
    if not found.remedies:
        return (
            f"each of the {found.count} mistakes that can be made here shows in these cases, "
            "and no other case that was tried tells more of them apart"
        )
    parts = [f"{unseen} change{'s' * (unseen == 1)} no number in these cases"] if unseen else []
    parts += [f"{alike} pair{'s' * (alike > 1)} can't be told apart"] if alike else []
    return f"of the {found.count} mistakes that can be made here, {' and '.join(parts)}"


def written(case: CasePlan) -> str:
    """The case as an entry of a spec's `cases`."""
    if case.sizes is not None:
        sizes = ", ".join(f"{axis}: {length}" for axis, length in case.sizes.items())
        return f"{{sizes: {{{sizes}}}, seed: {case.seed}}}"
    widths = f"widths: {list(case.widths)}, " if case.widths else ""
    return f"{{batch: {case.batch}, {widths}seed: {case.seed}}}"


def _by_name(mistakes: Iterable[Label]) -> list[str]:
    """The mistakes, each once, with the layers at which it is made."""
    layers: dict[str, dict[str, None]] = {}
    for mistake in mistakes:
        layers.setdefault(mistake.name, {}).update({str(mistake.layer): None} if mistake.layer else {})
    return [
        f"{name} (layer{'s' * (len(numbers) > 1)} {', '.join(numbers)})" if numbers else name
        for name, numbers in layers.items()
    ]


def _list(what: str, texts: Sequence[str]) -> Iterator[str]:
    if texts:
        yield f"    {what}:"
        yield from (f"      {text}" for text in texts[:MOST])
    if len(texts) > MOST:
        yield f"      and {len(texts) - MOST} more"
