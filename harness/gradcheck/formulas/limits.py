"""How much the reader takes on: more is refused at once, so that no text can keep it busy."""

MAX_DOCUMENT = 200_000
MAX_NOTEBOOK = 50_000_000
"""Of a notebook's file, which holds pictures, too; its formulas' cells are a document."""
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
MAX_CALLS = 20_000
MAX_CALLS_IN_ONE = 1_000
"""Of macros in a document, and of those that one call leads to."""
