"""The page on mistakes, from the catalogue and the kinds of edits: `python -m gradcheck.diagnosis.page`."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from gradcheck.diagnosis.examples import examples
from gradcheck.mistakes import catalogue
from gradcheck.mistakes.catalogue import CATALOGUE
from gradcheck.mistakes.entry import Entry, by_part, entry
from gradcheck.mistakes.sources import KEYS, address
from gradcheck.specification.default import NOTATION

_EXAMPLE = "weights-left-out"
_GUIDE = """\
# Mistakes

Mistakes that people make when they derive gradients by hand, as far as gradcheck knows them by name. If
wrong numbers are those of one of these mistakes in every case, a report says so. `gradcheck mistakes`
prints the same list; `gradcheck mistakes SLUG --notation NAME` explains one mistake in the letters of
another source.

gradcheck also finds any other change of one equation, or of two, that makes all the numbers: its kinds are
[below](#other-changes-of-an-equation).

This page is generated: `python -m gradcheck.diagnosis.page > docs/mistakes.md`.

## How to add a mistake

1.  Find the rule of the reverse pass that goes wrong, and what people write instead.
2.  Enter it in the file of its part in `harness/gradcheck/mistakes/catalogue/`:

{example}

3.  `of` names the quantities whose gradients change: `a`, `z`, `x`, `W`, `b`. `part` says what is
    replaced: what a parameter's gradient gets from the data, what it gets from the penalty, or all of it
    as it is handed in. `wrong` is the wrong expression, in the plain dialect of specs, with names
    without numbers as in `mistakes/equations.py`; samples are rows, `right` is the right expression, and
    axes are matched by position. Alternatively, `reads` says which quantity a right equation reads
    instead of another. `where` says at which layers the mistake can be made, by the conditions in
    `mistakes/conditions.py`. `unknown` names a number that only its maker knows, with its possible
    values in `known` or its largest size in `most`; `edit` is a kind of edit that finds this number.
4.  `says` is literally true of the mistake, with formulas in braces; `kind` is what a learner may know who
    shall not know more; `hint` asks a question, and never names what is missing.
5.  Generate this page again and run `pytest tests/mistakes`: formulas turn into every notation by
    themselves. `python benchmarks/diagnoses.py --pairs 0 --without 0` then says whether gradcheck names
    the mistake wherever it can be made.

## The catalogue

{count} mistakes in the letters of {notation}: δ is ∂C/∂z, ˡ a layer, ᴸ the last, m the number of samples; ⊙
multiplies entry by entry. A mistake with several pairs of formulas is made in several quantities at once.
"""
_KINDS = """\
## Other changes of an equation

If a change has no name of its own, the report shows the learner's equation beside the right one, says in
words what differs, and asks a question. These are the kinds of changes, the most frequent first, each
with an example that is computed in a small network. They are tried in every equation of the reverse pass
and of the forward pass, in one, in all similar ones, or in two at once. After a change of the forward
pass, the reverse pass may be right for it or for the original. Changes that make the same numbers are
listed.
"""
_KEYS = """\
### Short names

Names in capitals stand for places where mistakes were seen.
"""


def page() -> str:
    """The page as the file holds it."""
    entries = [entry(mistake) for mistake in CATALOGUE.values()]
    guide = _GUIDE.format(example=_indented(_source(_EXAMPLE)), count=len(entries), notation=NOTATION)
    keys = (f"- {key}: {place}." for key, place in KEYS.items())
    return "\n".join([guide, *_parts(entries), _KEYS, *keys, "", _KINDS, *_kinds()])


def _kinds() -> Iterator[str]:
    for kind, category, change in examples():
        (one,) = change.corrections
        yield f"#### {kind}\n"
        yield f"{category[0].upper()}{category[1:]}. Here {one.change}.\n"
        yield f"    right   {one.right}\n    wrong   {one.yours}\n"
        yield f"Think: {change.question}\n"


def _parts(entries: list[Entry]) -> Iterator[str]:
    for title, ones in by_part(entries).items():
        yield f"### {title}\n"
        for one in ones:
            yield from _entry(one)


def _entry(one: Entry) -> Iterator[str]:
    number = f" Here {one.number}." if one.number else ""
    yield f"#### {one.slug}\n"
    yield f"{one.id}. {one.sentence}{number}\n"
    yield from (f"    right   {right}\n    wrong   {wrong}\n" for right, wrong in one.statements)
    yield f"Where: {one.where}.  "
    yield f"Think: {one.hint}" + ("  " if one.seen else "\n")
    if one.seen:
        yield f"Seen: {', '.join(map(_linked, one.seen))}.\n"


def _linked(sighting: str) -> str:
    link = address(sighting)
    return f"[{sighting}]({link})" if link else sighting


def _source(slug: str) -> str:
    """The entry as the catalogue has it."""
    for file in sorted(Path(catalogue.__file__).parent.glob("*.py")):
        text = file.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            source = ast.get_source_segment(text, node) or ""
            if source.startswith("mistake(") and f'slug="{slug}"' in source:
                return source
    raise LookupError(slug)


def _indented(code: str) -> str:
    return "\n".join(f"    {line}" for line in ["```python", *code.splitlines(), "```"])


if __name__ == "__main__":
    sys.stdout.write(page())
