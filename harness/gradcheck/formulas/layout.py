"""Lines: which ends of lines end a claim, and which only break it in two for the eye."""

from __future__ import annotations

from gradcheck.formulas.tokens import Token

_BREAKS = frozenset({"newline", "row"})
_OPEN_ENDED = frozenset({"operator", "relation", "comma", "script", "big", "partial"})
_LAYOUT = frozenset({"newline", "row", "cell", "gap"})


def laid_out(tokens: list[Token]) -> list[Token]:
    """The tokens with a `break` where a claim ends, and no other layout outside of matrices.

    A line that begins with a relation or an operator goes on with the line before, and so does
    one after a line that ends with one. Within brackets that close, the ends of lines say nothing.
    """
    if not any(token.kind in _LAYOUT for token in tokens):
        return tokens
    inside = _inside(tokens)
    claims = _lines_with_a_relation(tokens, inside)
    result: list[Token] = []
    for i, token in enumerate(tokens):
        if token.kind not in _LAYOUT:
            result.append(token)
        elif inside[i] in ("matrix", "cases"):
            result.extend([token] * (token.kind in ("row", "cell")))
        elif not inside[i] and result:
            ends = _ends_claim if token.kind in _BREAKS else _parts_claims
            if ends(tokens, i, result[-1], claims):
                result.append(token._replace(kind="break"))
    return result


def _inside(tokens: list[Token]) -> list[str]:
    """For each token the innermost bracket around it that closes, or ""."""
    pairs: dict[int, int] = {}
    waiting: list[int] = []
    for i, token in enumerate(tokens):
        if token.kind == "open":
            waiting.append(i)
        elif token.kind == "close" and waiting and tokens[waiting[-1]].text == token.text:
            pairs[waiting.pop()] = i
    inside, around = [], [("", len(tokens))]
    for i, token in enumerate(tokens):
        if i == around[-1][1]:
            around.pop()
        inside.append(around[-1][0])
        if i in pairs:
            around.append((token.text, pairs[i]))
    return inside


def _lines_with_a_relation(tokens: list[Token], inside: list[str]) -> list[bool]:
    """For each token whether a relation follows before the line ends."""
    seen, flags = False, []
    for token, bracket in zip(reversed(tokens), reversed(inside), strict=True):
        if not bracket:
            seen = token.kind == "relation" or (seen and token.kind not in _BREAKS)
        flags.append(seen)
    return flags[::-1]


def _ends_claim(tokens: list[Token], i: int, last: Token, claims: list[bool]) -> bool:
    following = next(k for k in range(i, len(tokens)) if tokens[k].kind not in _LAYOUT)
    token = tokens[following]
    if last.kind in _OPEN_ENDED or token.kind == "relation":
        return False
    return token.kind != "operator" or claims[following]


def _parts_claims(tokens: list[Token], i: int, last: Token, claims: list[bool]) -> bool:
    """Whether a wide gap in a line, or the end of a column, stands between two claims."""
    following = tokens[i + 1].kind
    if last.kind in _OPEN_ENDED or following in ("relation", "operator", "close", "gap", "cell", "end"):
        return False
    return claims[i] and _relation_before(tokens, i)


def _relation_before(tokens: list[Token], i: int) -> bool:
    for token in reversed(tokens[max(0, i - 200) : i]):
        if token.kind in ("relation", *_BREAKS):
            return token.kind == "relation"
    return False
