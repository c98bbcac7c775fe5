"""A derivation's judgement as a fragment of HTML, for notebooks, which set its formulas."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.derivation.records import Complaint, Derivation, Judged, Standing
from gradcheck.report.changed import Part
from gradcheck.report.derivation import MARKS, YOURS, compared, is_first_break, place, standing, summary
from gradcheck.report.elements import Html, element, plain
from gradcheck.report.mathml import mathml
from gradcheck.report.pieces import badge, line
from gradcheck.report.style import STYLE

_KINDS = {
    Standing.RIGHT: "right",
    Standing.ANSWERED: "right",
    Standing.WRONG: "wrong",
    Standing.CANNOT_TELL: "cannot-tell",
}


def render(derivation: Derivation) -> str:
    """The whole report as one element with a style of its own, without scripts; all text is escaped.

    Formulas of LaTeX stand between dollars, for the page to set.
    """
    about = " · ".join(part for part in (derivation.source, derivation.spec or derivation.of) if part)
    head = element("p", plain(about), class_="quiet")
    verdict = element("p", plain(standing(derivation)), class_="standing")
    read = (element("p", plain(f"read: {text}")) for _, text in derivation.readings)
    shown = [one for one in derivation.claims if one.standing is not Standing.UNCHECKED]
    pieces: list[Judged | Complaint] = [*shown, *derivation.unread]
    pieces.sort(key=lambda piece: (piece.line, piece.column))
    return element(
        "div",
        element("style", STYLE),
        element("header", head, verdict, *read),
        *(
            _unread(derivation, piece) if isinstance(piece, Complaint) else _claim(derivation, piece)
            for piece in pieces
        ),
        class_="gradcheck",
    )


def _claim(derivation: Derivation, claim: Judged) -> Html:
    mark = badge(MARKS[claim.standing], _KINDS.get(claim.standing, ""))
    where = plain(f" {place(derivation, claim.line)} ")
    if claim.standing in (Standing.WRONG, Standing.CANNOT_TELL):
        first = element("p", mark, where, plain(summary(claim)))
        steps = [_step(derivation, claim, number) for number in range(len(claim.steps))]
    else:
        first, steps = element("p", mark, where, _formula(derivation, claim.text)), []
    answer = (element("p", _formula(derivation, line)) for line in claim.answer)
    return element("section", first, *steps, *answer, *_remarks(derivation, claim))


def _step(derivation: Derivation, claim: Judged, number: int) -> Html:
    step = claim.steps[number]
    sign = [plain("= ")] if number else []
    here = [plain("  ← here")] if is_first_break(claim, number) else []
    side = element("p", *sign, _formula(derivation, step.text), *here)
    why = "; ".join(part for part in (step.message, step.help) if part)
    return Html(side + element("p", element("em", _words(why)))) if why else side


def _remarks(derivation: Derivation, claim: Judged) -> Iterator[Html]:
    """What stands there, a question, the commands that explain it, and notes."""
    labelled = [("what", claim.mistake), ("think", claim.question), *(("note", note) for note in claim.notes)]
    rows = [line(label, _words(text)) for label, text in labelled if text]
    if claim.repair is not None:
        rows[1:1] = [line(part.label, _side(derivation, part)) for part in compared(claim.repair)]
    yield from rows
    yield from (element("p", element("code", plain(f"gradcheck mistakes {slug}"))) for slug in claim.slugs)


def _side(derivation: Derivation, part: Part) -> Html:
    """A side in which what is another is marked, unless the page sets it."""
    text, (start, stop) = part.text, part.changed
    if derivation.dialect != "plain" or start == stop:
        return _formula(derivation, text)
    mark = element("mark", plain(text[start:stop]), class_="wrong" if part.label == YOURS else "right")
    return element("code", plain(text[:start]), mark, plain(text[stop:]))


def _unread(derivation: Derivation, complaint: Complaint) -> Html:
    """A piece that can't be read, marked in its line."""
    at = complaint.column - 1 - complaint.skipped
    before, behind = complaint.source[:at], complaint.source[at:]
    mark = badge("unread", "cannot-tell")
    text = "; ".join(part for part in (complaint.message, complaint.help) if part)
    shown = element("pre", plain(before), element("mark", plain(behind), class_="wrong"))
    first = element("p", mark, plain(f" {place(derivation, complaint.line)}: "), _words(text))
    return element("section", first, shown)


def _words(text: str) -> Html:
    """A sentence, of which the page takes no part for a formula."""
    return element("code", plain(text)) if "$" in text else plain(text)


def _formula(derivation: Derivation, text: str) -> Html:
    """A formula for the page to set, where it is one of LaTeX, and as it was typed else.

    A page without MathJax shows it as MathML, and one that takes that away as it was typed.
    """
    if derivation.dialect == "plain" or "$" in text:
        return element("code", plain(text))
    tex = element("span", plain(f"${text}$"), class_="tex")
    shown = mathml(text)
    if shown is None:
        return element("span", tex, class_="formula")
    by_itself = element("span", shown, class_="mathml", hidden="hidden")
    return element("span", tex, Html(" "), by_itself, class_="formula")
