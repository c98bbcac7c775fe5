"""Any text to claims: the dialect is told from the text itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from gradcheck.formulas import latex, plain
from gradcheck.formulas.claims import as_condition, claims
from gradcheck.formulas.commands import DISPLAYS
from gradcheck.formulas.conditions import behind
from gradcheck.formulas.document import Document, document
from gradcheck.formulas.dollars import without_dollars
from gradcheck.formulas.errors import Unread
from gradcheck.formulas.limits import MAX_DOCUMENT, MAX_FORMULA, MAX_FORMULAS, MAX_NESTING, MAX_UNREAD
from gradcheck.formulas.lost import lost_its_backslashes, replaced, restored
from gradcheck.formulas.markdown import Piece, pieces
from gradcheck.formulas.tokens import Token
from gradcheck.formulas.tree import Claim, Node

_DELIMITED = re.compile(r"\$|(?<!\\)\\[(\[]|^[ \t]*(?:```|~~~)[ \t]*math\b", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[^\n]*", re.MULTILINE)
_EDGE = re.compile(rf"(?P<begin>\\begin)\s*\{{(?:{'|'.join(DISPLAYS)})\*?\}}|\\end\s*\{{\w+\*?\}}")
_PROSE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}[ ,]+[a-z]{2,}\b")
_BRACKET = re.compile(r"[()\[\]{}]")
_CONDITION = re.compile(r"\b(?:[Ii]f|[Ww]hen(?:ever)?|[Ff]or|[Pp]rovided(?:\s+that)?|[Aa]s\s+long\s+as)\s*\Z")
"""Words of prose before a formula that is a condition."""
_TRAILING = re.compile(r"\A[^.;:\n]*\b(?:if|when(?:ever)?|iff|at|as\s+long\s+as)\s*\Z")
"""Words between a formula and a condition of it."""
_NUMBER = re.compile(
    r"""(?:\\q?quad|\\hfill|(?<![ \t])[ \t]{3})[ \t~]*\(\d+(?:\.\d+)*[a-z]?\)
    (?=[ \t.,;]*(?:$|\\\\|\$\$|\\end|\\\]))""",
    re.MULTILINE | re.VERBOSE,
)
"""The number of an equation, at the end of its line."""
_COMPARED = re.compile(r"[<>≤≥]|\\(?:lt|gt|leq?|geq?)(?![A-Za-z])")
_COMMAND = re.compile(r"\\[A-Za-z|]|\\\\[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Reading:
    """What a text says: its claims in order, and what could not be read."""

    text: str
    dialect: str
    """plain, latex or markdown."""
    claims: tuple[Claim, ...]
    unread: tuple[Unread, ...]
    cells: tuple[tuple[int, int], ...] = ()
    """Of a notebook: on which line each cell begins that was read, and its number."""
    headings: tuple[int, ...] = ()
    """Where headings stand."""

    @property
    def can_be_judged(self) -> bool:
        """Whether a claim is left: the one side that could be read of an equation is none."""
        return any(claim.whole or len(claim.sides) > 1 for claim in self.claims)


def read(text: str) -> Reading:
    """Every formula of the text; nothing is raised, and what can't be read is in `unread`."""
    return read_document(document(text))


def formula(text: str, dialect: str) -> Node | None:
    """The one formula that a piece of a text in this dialect is; None where it is none."""
    found, unread = claims(_tokens(text, "plain" if dialect == "plain" else "markdown", lost=False))
    whole = not unread and len(found) == 1 and len(found[0].sides) == 1 and not found[0].leading
    return found[0].sides[0] if whole else None


def read_document(source: Document) -> Reading:
    """Every formula of a document, at its places in the text."""
    reading = _read(source)
    return replace(
        reading,
        cells=source.cells,
        headings=tuple(source.headings()) if reading.dialect == "markdown" else (),
        unread=(*source.unread, *reading.unread),
    )


def _read(source: Document) -> Reading:
    text, readable = source.text, source.readable
    if len(text) > MAX_DOCUMENT:
        return _refused(text, "", f"the text has more than {MAX_DOCUMENT:,} characters", MAX_DOCUMENT)
    dialect = source.dialect or dialect_of(readable)
    formulas = _pieces(source) if dialect == "markdown" else [Piece(_without_fences(readable), 0, False)]
    if len(formulas) > MAX_FORMULAS:
        return _too_many(text, dialect, source.place(formulas[-1].start))
    lost = dialect != "plain" and lost_its_backslashes("\n".join(piece.text for piece in formulas))
    all_claims: list[Claim] = []
    all_unread: list[Unread] = []
    alone = len(formulas) == 1
    for before, piece in zip((None, *formulas), formulas, strict=False):
        between = readable[before.end if before else 0 : piece.start]
        conditional = _CONDITION.search(between) is not None and _COMPARED.search(piece.text) is not None
        good, bad = _piece_read(source, piece, dialect, lost=lost, alone=alone, conditional=conditional)
        if before is not None and _TRAILING.search(between):
            good = [as_condition(claim) for claim in good]
        all_claims += good
        all_unread += bad
        if len(all_claims) > MAX_FORMULAS:
            return _too_many(text, dialect, all_claims[MAX_FORMULAS].span[0])
        if len(all_unread) > MAX_UNREAD:
            rest = all_unread[MAX_UNREAD].span
            all_unread[MAX_UNREAD:] = [Unread("so much could not be read that the rest was not tried", rest)]
            break
    in_order = behind(text, list(_chained(all_claims)))
    return Reading(text, dialect, tuple(_with_lines(text, in_order)), tuple(all_unread))


def _pieces(source: Document) -> list[Piece]:
    """The formulas of a document; none goes from one of its blocks to the next."""
    readable = source.readable
    if not source.blocks:
        return pieces(readable)
    return [
        piece._replace(start=piece.start + start)
        for start, end in source.blocks
        for piece in pieces(readable[start:end])
    ]


def dialect_of(text: str) -> str:
    """The dialect of the text: what has delimiters of formulas is Markdown, what has commands is LaTeX."""
    if _DELIMITED.search(text):
        return "markdown"
    around = _around_blocks(text)
    if around != text and _PROSE.search(around):
        return "markdown"
    if _COMMAND.search(text) or lost_its_backslashes(text):
        return "latex"
    return "plain"


def _without_numbers(text: str) -> str:
    """The text with blanks for the numbers of equations."""
    return _NUMBER.sub(lambda match: " " * len(match[0]), text)


def _without_fences(text: str) -> str:
    """The text with blanks for the fences of code, where formulas have none: the code is what it is about."""
    return _FENCE.sub(lambda match: " " * len(match[0]), text)


def _around_blocks(text: str) -> str:
    """What stands outside of display environments."""
    pieces, at = [], 0
    begin: int | None = None
    for edge in _EDGE.finditer(text):
        if edge["begin"]:
            begin = edge.start() if begin is None else begin
        elif begin is not None:
            pieces.append(text[at:begin])
            at, begin = edge.end(), None
    return "".join([*pieces, text[at:]])


def _refused(text: str, dialect: str, message: str, at: int) -> Reading:
    unread = Unread(message, (at, at), "give the formulas in several texts")
    return Reading(text, dialect, (), (unread,))


def _too_many(text: str, dialect: str, at: int) -> Reading:
    return _refused(text, dialect, f"there are more than {MAX_FORMULAS:,} formulas", at)


def _piece_read(
    source: Document, piece: Piece, dialect: str, *, lost: bool, alone: bool, conditional: bool
) -> tuple[list[Claim], list[Unread]]:
    if (refusal := _refusal(piece)) is not None:
        return [], [replace(refusal, span=source.span(*refusal.span))]
    text = piece.text if dialect == "plain" else without_dollars(piece.text)
    tokens = source.moved(_tokens(_without_numbers(text), dialect, lost=lost), piece.start)
    if piece.inline and not any(token.kind in ("name", "number", "bad") for token in tokens):
        return [], []  # a mere sign that prose speaks of
    good, bad = claims(tokens, conditional=conditional)
    kinds = {token.kind for token in tokens}
    if piece.inline and not alone and kinds & {"bad", "compare"} and not kinds & {"relation", "partial"}:
        bad = []  # `x ∈ ℝⁿ` in prose claims nothing that could be tried
    if dialect == "markdown":
        bad = _first_of_lines(source.text, bad)
    return [replace(claim, inline=piece.inline) for claim in good], bad


def _first_of_lines(text: str, unread: list[Unread]) -> list[Unread]:
    """Of what can't be read on one line the first: the rest often follows from it."""
    ends = [text.find("\n", one.span[0]) for one in unread]
    return [one for n, one in enumerate(unread) if ends[n] not in ends[:n]]


def _refusal(piece: Piece) -> Unread | None:
    """What is wrong with a formula that is not worth cutting into tokens."""
    if len(piece.text) > MAX_FORMULA:
        at = piece.start + MAX_FORMULA
        return Unread(f"a formula has more than {MAX_FORMULA:,} characters", (at, at), "shorten it")
    depth = 0
    for match in _BRACKET.finditer(piece.text):
        depth = depth + 1 if match[0] in "([{" else max(0, depth - 1)
        if depth > 2 * MAX_NESTING:
            at = piece.start + match.start()
            return Unread("there are too many brackets within brackets", (at, at + 1), "give a part a name")
    return None


def _tokens(text: str, dialect: str, *, lost: bool) -> list[Token]:
    if dialect == "plain":
        return plain.tokens(text)
    lines = dialect == "latex"
    if not lost:
        return latex.tokens(text, lines=lines)
    whole, origins = restored(text)
    return replaced(latex.tokens(whole, lines=lines), origins)


def _chained(claims: list[Claim]) -> Iterator[Claim]:
    """The claims; one that begins with a relation goes on with the one before it."""
    parts: list[Claim] = []
    for claim in claims:
        if parts and not claim.leading:
            yield _joined(parts)
            parts = []
        parts.append(claim)
    if parts:
        yield _joined(parts)


def _joined(parts: list[Claim]) -> Claim:
    """One chain of several that follow each other."""
    first, *others = parts
    return replace(
        first,
        sides=tuple(side for part in parts for side in part.sides),
        relations=(*first.relations, *(r for part in others for r in (part.leading, *part.relations))),
        span=(first.span[0], parts[-1].span[1]),
        whole=all(part.whole for part in parts),
    )


def _with_lines(text: str, claims: Iterable[Claim]) -> Iterator[Claim]:
    ends = [match.start() for match in re.finditer("\n", text)]
    for claim in claims:
        yield replace(claim, line=bisect_right(ends, claim.span[0] - 1) + 1)
