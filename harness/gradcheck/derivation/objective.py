"""The spec's loss as a formula in the learner's letters."""

from __future__ import annotations

import re

from gradcheck.derivation.vocabulary import Vocabulary

_MANY = {"mean": "averaged", "sum": "summed"}


def objective(words: Vocabulary, *, alone: bool) -> str:
    """C = 1/2 (a³ - y)²; with several examples, how they count."""
    stack, notation = words.stack, words.notation
    formula = stack.loss.definition
    if stack.outputs == (1,):
        formula = re.sub(r"\bsum ", "", formula)
    loss = re.sub(
        r"\b[ay](?![A-Za-z(])",
        lambda match: notation.pretty(stack.out if match[0] == "a" else "y"),
        formula,
    )
    many = "" if alone else f" for one example; the examples are {_MANY[stack.reduction]}"
    penalty = ", and a penalty on the weights is added" if stack.penalty is not None else ""
    return f"{notation.pretty('J')} = {loss}{many}{penalty}"
