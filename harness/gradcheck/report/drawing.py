"""The network of a result, drawn, with what is known of every quantity at its place.

The picture says in marks and frames what it says in colours, and once more in words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from gradcheck.report.elements import Html, element, plain
from gradcheck.report.pieces import picture
from gradcheck.report.plan import HIGH, LONGEST, Box, Plan, Way
from gradcheck.report.result import Result
from gradcheck.report.typeset import in_drawing
from gradcheck.text import clip
from gradcheck.verdict.records import Status

FIRST, SUPPOSED, FOLLOWS = "first", "first supposed", "follows"
"""States besides the statuses: the first wrong quantity, one that seems to be that and was not handed in, and
what follows from a wrong one."""

_MARKS: Mapping[str, str] = {
    Status.RIGHT: "✓",
    FIRST: "✗",
    SUPPOSED: "✗?",
    FOLLOWS: "✗",
    Status.WRONG: "✗",
    Status.CANNOT_TELL: "?",
    Status.ERROR: "!",
    Status.INTERNAL: "!",
}
_WORDS: Mapping[str, str] = {
    Status.RIGHT: "right",
    FIRST: "the first wrong quantity",
    SUPPOSED: "seems to be the first wrong quantity",
    FOLLOWS: "wrong because of another",
    Status.WRONG: "wrong",
    Status.CANNOT_TELL: "cannot tell",
    Status.ERROR: "no numbers",
    Status.INTERNAL: "internal error",
}
_CLASSES: Mapping[str, str] = {Status.CANNOT_TELL: "unknown", Status.INTERNAL: "error"}
_ARROWS = {"down": "l4-7h-8z", "up": "l4 7h-8z", "right": "l-7-4v8z", "left": "l7-4v8z"}


def drawing(result: Result) -> Html | None:
    """The network as a figure with a legend; None where there is nothing to draw."""
    nodes = result.get("network") or ()
    if not any(node["kind"] == "computed" for node in nodes):
        return None
    states = _states(result)
    return _figure(json.dumps(nodes), tuple(states.items()))


@lru_cache(maxsize=256)
def _figure(nodes: str, known: tuple[tuple[str, str], ...]) -> Html:
    """The same for nodes as JSON text: what many have wrong in the same way is drawn once."""
    states = dict(known)
    plan = Plan(json.loads(nodes), frozenset(states))
    there = {states.get(name) for name in plan.boxes}
    shown = (state for state in _WORDS if state in there)
    legend = [element("span", _chip(state), plain(f" {_WORDS[state]} ")) for state in shown]
    caption = [element("span", *legend, class_="legend")] if legend else []
    return picture(_words(plan, states), _svg(plan, states), *caption)


def _states(result: Result) -> dict[str, str]:
    """Canonical name -> what is known of it."""
    states: dict[str, str] = {}
    for quantity in (*result["accepted"], *result["quantities"]):
        wrong = quantity["status"] == Status.WRONG
        states[quantity["quantity"]] = FOLLOWS if wrong and quantity["follows_from"] else quantity["status"]
    location = (result["diagnosis"] or {}).get("location")
    if location:
        states[location["quantity"]] = FIRST if location["quantity"] in states else SUPPOSED
    return states


def _chip(state: str) -> Html:
    return element("span", plain(_MARKS[state]), class_=f"chip {_CLASSES.get(state, state)}")


def _svg(plan: Plan, states: Mapping[str, str]) -> Html:
    wide, high = (f"{length:.0f}" for length in plan.size)
    return element(
        "svg",
        *_titles(plan),
        element("path", d="".join(way.path for way in plan.ways), class_="edges"),
        element("path", d="".join(map(_arrow, plan.ways)), class_="heads"),
        *(Html(" " + _box(box, states.get(box.name))) for box in plan.boxes.values()),
        width=wide,
        height=high,
        style=f"width:{wide}px",  # outranks rules for pictures of a page around it
        viewBox=f"0 0 {wide} {high}",
    )


def _titles(plan: Plan) -> Iterator[Html]:
    """What the two columns in the middle are."""
    for column, title in ((plan.columns[1], "forward ↓"), (plan.columns[2], "backward ↑")):
        for box in [*column.values()][:1]:
            yield element("text", plain(title), x=f"{box.x:.0f}", y="13", class_="way")


def _box(box: Box, state: str | None) -> Html:
    mark = f"{_MARKS[state]} " if state else ""
    frame = element(
        "rect",
        x=f"{box.left:.1f}",
        y=f"{box.y - HIGH / 2:.1f}",
        width=f"{box.wide:.1f}",
        height=f"{HIGH:.0f}",
        rx="5",
    )
    symbol = in_drawing(mark + clip(box.symbol, LONGEST))
    text = element("text", symbol, x=f"{box.x:.1f}", y=f"{box.y + 4.5:.1f}")
    return element("g", frame, text, class_=_CLASSES.get(state, state) if state else "plain")


def _arrow(way: Way) -> str:
    """A little triangle whose point lies where the way ends."""
    return f"M{way.x:.0f} {way.y:.0f}{_ARROWS[way.direction]}"


def _words(plan: Plan, states: Mapping[str, str]) -> str:
    """The picture in words."""
    symbols = {node["quantity"]: node["symbol"] for node in plan.nodes}
    gradients = {node["gradient"]: node["gradient_symbol"] for node in plan.nodes if node["gradient"]}
    steps = (
        f"{node['symbol']} follows from {_listed(symbols[name] for name in node['reads'] if name in symbols)}"
        for node in plan.computed.values()
        if node["reads"]
    )
    known = symbols | gradients
    marks = [f"{known[name]}: {_WORDS[state]}" for name, state in states.items() if name in known]
    return " ".join(f"{'; '.join(part)}." for part in ([*steps], marks) if part)


def _listed(names: Iterable[str]) -> str:
    *first, last = [*names] or ["nothing"]
    return f"{', '.join(first)} and {last}" if first else last
