"""How much the reader takes on: more is refused at once, so that no text can keep it busy."""

MAX_DOCUMENT = 200_000
MAX_FORMULAS = 1_000
"""Pieces of a document, and claims of a text."""
MAX_FORMULA = 10_000
MAX_UNREAD = 50
MAX_NESTING = 40
MAX_DEPTH = 100
"""Of a tree: whoever walks it may recurse."""
MAX_DIGITS = 40
MAX_NAME = 40
MAX_EXPONENT = 1_000
