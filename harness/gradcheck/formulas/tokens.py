"""Tokens: what both dialects are cut into before the one grammar reads them."""

from __future__ import annotations

from typing import NamedTuple


class Token(NamedTuple):
    r"""A piece of the text; `text` is normalised, `start` and `end` are offsets into the original.

    kind        text
    number      as Python writes it
    name        ASCII
    operator    + - * / ** ⊙ @ ⊗ :
    script      ^ _
    prime       one ' each
    transpose
    length      a number of entries, .size, or with its axis .shape[0]
    method      the name of a method, as in .sum
    open close  ( [ { for groups that only TeX sees, \{ for braces that are meant, matrix
    bar         | ‖
    frac partial accent note big     commands that take what follows
    comma semicolon stop                  punctuation
    relation compare implies              = and its kin; < and its kin; ⇒, "so", "and"
    newline row cell gap                  layout, which `layout` resolves
    break       the end of a claim
    dots        … between terms
    bad         what is no part of any formula; `text` says why
    end
    """

    kind: str
    text: str
    start: int
    end: int
    loose: bool = False
    """Whether TeX would take only its first character after ^, _ or \\frac."""


def end_at(at: int) -> Token:
    """The token that closes the list."""
    return Token("end", "", at, at)
