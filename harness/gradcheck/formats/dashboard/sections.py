"""What goes wrong, who agrees in what, what has changed, and what is not final."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from gradcheck.digits import points_text, short
from gradcheck.formats.dashboard.records import Changes, Unfinished
from gradcheck.formats.dashboard.words import NAMED, folded, grid, mark, name, names, some_names, text
from gradcheck.grading.agreement import Agreement
from gradcheck.grading.records import Change, Stumble
from gradcheck.grading.unexplained import DIGITS, Answer
from gradcheck.report.elements import Html, element, plain
from gradcheck.text import amount

SHOWN = 10
"""How many entries of a list are shown at first."""
LISTED = 500
"""How many changes the page has at most."""


def mistakes(stumbles: Sequence[Stumble], titles: Mapping[str, str]) -> Iterator[Html]:
    """What goes wrong in the class, the most frequent first, and who does it."""
    if not stumbles:
        yield element("p", Html("Nothing goes wrong."))
        return
    command = element("code", Html("gradcheck mistakes NAME"))
    explained = [Html(" "), command, Html(" explains a mistake that has a name.")]
    is_named = any(stumble.mistake for stumble in stumbles)
    yield element("p", Html("Open a line to see who."), *(explained if is_named else []), class_="about")
    yield from _some([_stumble(stumble, titles) for stumble in stumbles], "ranking")


def _stumble(stumble: Stumble, titles: Mapping[str, str]) -> Html:
    what = element("code", text(stumble.mistake or stumble.symbol))
    counts = [f"{stumble.wrong:,} of {stumble.graded:,}"] if stumble.mistake else []
    if stumble.symbol:
        counts += [f"wrong without a named mistake: {stumble.wrong:,}"] if stumble.wrong else []
        counts += [f"no numbers: {stumble.failed:,}"] if stumble.failed else []
        counts[-1] += f" of {stumble.graded:,}"
    summary = element(
        "summary",
        element("span", what, plain(f" in {titles[stumble.spec]}")),
        element("span", plain(", ".join(counts))),
        _share(stumble.wrong, stumble.failed, stumble.graded),
    )
    return element("li", element("details", summary, element("p", names(stumble.submissions))))


def _share(wrong: int, failed: int, graded: int) -> Html:
    """How large a part of the class that is, as a bar; the counts stand beside it in words."""
    parts = (_stretch(0, wrong / graded, "part"), _stretch(wrong / graded, failed / graded, "rest"))
    shape = {"viewBox": "0 0 100 4", "preserveAspectRatio": "none", "aria-hidden": "true"}
    return element("svg", *parts, class_="share", **shape)


def _stretch(start: float, size: float, kind: str) -> Html:
    return element("rect", x=f"{100 * start:.1f}", width=f"{100 * size:.1f}", height="4", class_=kind)


def equal_answers(
    agreements: Sequence[Agreement], copies: Sequence[Sequence[str]], titles: Mapping[str, str]
) -> Iterator[Html]:
    """Who has the same wrong numbers, and who the same files: what is seen, and no more."""
    if agreements:
        about = (
            f"Wrong numbers that agree to {DIGITS} digits wherever the reports show the same quantity and "
            "case, though many others are possible; no mistake with a name makes them. "
            "They do not say why they agree."
        )
        yield element("p", plain(about), class_="about")
        yield from _some([_agreement(one, titles) for one in agreements], "plain")
    if copies:
        yield element("p", Html("Submissions that hold the same files:"), class_="about")
        yield from _some([_copy(several) for several in copies], "plain")


def _agreement(agreement: Agreement, titles: Mapping[str, str]) -> Html:
    specs = ", ".join(titles[answer.spec] for answer in agreement.answers)
    shared = f": {amount(agreement.size, 'equal number')} in {specs}"
    numbers = (_numbers(answer, titles) for answer in agreement.answers)
    return element(
        "li",
        element("p", some_names(agreement.submissions), plain(shared)),
        *_others(agreement.submissions),
        folded("The numbers", *numbers),
    )


def _numbers(answer: Answer, titles: Mapping[str, str]) -> Html:
    rows = (
        (
            Html(text(one.symbol) + plain(f" of {one.quantity}")),
            plain(short(one.yours, DIGITS)),
            plain(short(one.true, DIGITS)),
        )
        for one in answer.discrepancies
    )
    return grid(("entry", "theirs", "true"), rows, titles[answer.spec])


def _copy(submissions: Sequence[str]) -> Html:
    return element("li", element("p", some_names(submissions)), *_others(submissions))


def changes(found: Changes, titles: Mapping[str, str]) -> Iterator[Html]:
    """What is not what it was."""
    gains = [change.gain for change in found.grades]
    better, worse = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    counts = f"{amount(len(gains), 'change')}: {better:,} with more points, {worse:,} with fewer."
    yield element("p", plain(counts if gains else "No grade that there was has changed."))
    if found.specs:
        yield element("p", plain(f"New specs: {', '.join(titles[spec] for spec in found.specs)}."))
    if found.submissions:
        yield element("p", plain(amount(len(found.submissions), "new submission")), Html("."))
        yield folded("Who", element("p", names(found.submissions)))
    if found.gone:
        yield element("p", plain(f"{amount(len(found.gone), 'submission')} no longer there."))
        yield folded("Whose", element("p", names(found.gone)))
    if gains:
        rows = [_change(change, titles) for change in found.grades[:LISTED]]
        table = grid(("submission", "spec", "before", "now", "points"), rows, "Changed grades")
        yield table if len(rows) <= SHOWN else folded("The changes", table)
    if len(gains) > LISTED:
        yield element("p", plain(f"… and {len(gains) - LISTED:,} more: gradcheck gradebook DIR --compare"))


def _change(change: Change, titles: Mapping[str, str]) -> tuple[Html, ...]:
    sign = "+" if change.gain > 0 else ""
    return (
        name(change.submission),
        plain(titles[change.spec]),
        *(element("span", mark(grade), class_="marked") for grade in (change.before, change.after)),
        plain(f"{sign}{points_text(change.gain)}"),
    )


def unfinished(found: Sequence[Unfinished], titles: Mapping[str, str]) -> Iterator[Html]:
    """Grades that the next run goes over again, and why."""
    causes = defaultdict[str, list[Unfinished]](list)
    for one in found:
        causes[one.cause].append(one)
    command = element("code", Html("gradcheck gradebook DIR --show NAME"))
    yield element(
        "p",
        Html("The next run grades these again; "),
        command,
        Html(" gives a fault's reference for the maintainers of gradcheck."),
        class_="about",
    )
    yield from _some([_cause(cause, several, titles) for cause, several in causes.items()], "plain")


def _cause(cause: str, several: Sequence[Unfinished], titles: Mapping[str, str]) -> Html:
    pairs = (name(one.grade.submission) + plain(f" in {titles[one.grade.spec]}") for one in several)
    return element(
        "li",
        element("p", text(cause), plain(f" ({amount(len(several), 'grade')})")),
        folded("Whose", element("p", Html(", ".join(pairs)))),
    )


def _others(submissions: Sequence[str]) -> list[Html]:
    """All names, where a sentence has some of them."""
    return [folded("All names", element("p", names(submissions)))] if len(submissions) > NAMED else []


def _some(items: Sequence[Html], kind: str) -> Iterator[Html]:
    """A list in order, all but its first entries folded."""
    yield element("ol", *items[:SHOWN], class_=kind)
    if rest := items[SHOWN:]:
        yield folded(f"{len(rest):,} more", element("ol", *rest, class_=kind, start=f"{SHOWN + 1}"))
