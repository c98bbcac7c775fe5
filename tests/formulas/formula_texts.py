"""Short ways for tests to read a text and to say what came of it."""

from __future__ import annotations

from gradcheck.formulas.dialect import read
from gradcheck.formulas.tree import Claim, Node
from gradcheck.formulas.walk import parts
from gradcheck.formulas.written import written


def said(text: str) -> list[str]:
    """The claims of a text in plain form; everything in it must be readable."""
    reading = read(text)
    assert not reading.unread, reading.unread
    return [chain(claim) for claim in reading.claims]


def chain(claim: Claim) -> str:
    """A claim in plain form, with its relations."""
    text = written(claim.sides[0])
    for relation, side in zip(claim.relations, claim.sides[1:], strict=True):
        text += f" {relation} {written(side)}"
    return text


def tree(text: str) -> Node:
    """The one tree of a formula."""
    reading = read(text)
    assert not reading.unread, reading.unread
    ((side,),) = (claim.sides for claim in reading.claims)
    return side


def complaints(text: str) -> list[str]:
    """What could not be read, each with the piece of text it is about."""
    reading = read(text)
    return [f"{text[slice(*unread.span)]}: {unread.message}" for unread in reading.unread]


def misplaced(root: Node, text: str) -> list[Node]:
    """The nodes whose place is empty, beyond the text, or beyond the node they belong to."""
    found = []
    waiting = [(root, (0, len(text)))]
    while waiting:
        node, (first, last) = waiting.pop()
        if not first <= node.span[0] < node.span[1] <= last:
            found.append(node)
        waiting.extend((part, node.span) for part in parts(node))
    return found
