"""The kinds of edits in words: what each changes, the question that leads to it, and how likely it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gradcheck.edits.edit import Kind


class Words(NamedTuple):
    """What is written of a kind of edit."""

    rank: int
    """0 for what people do most; of edits that make the same numbers the one of the lowest rank is named."""
    clause: str
    """With {part} and {instead}."""
    question: str


_WAYS = "By how many ways does a change of it reach the loss? Is there a term for each of them?"
_FACTORS = "What does a change pass on its way from there to here? Is there a factor for each of them?"
_GROWS = "Let it grow a little: does the loss grow or fall by this way?"
_AXES = "Which index is on both sides of the equation, and which one is only summed over?"
_QUANTITY = "Which quantity stands at this place on the way forward?"
_DERIVATIVE = "What is the derivative of the function that stands here, and where is it taken?"
_TIME = "From which time does the value come that is multiplied here?"
_FAR = "Over how many times does a change reach the loss, and over how many is it sent back?"
_ENDS = "Where does this sum begin on the way forward, and where does it end?"
_PLACES = "A sum over places has a derivative at each of them. What divides by how many there are?"
_RUNS = "How often is this line run, and what is left of the earlier runs?"
_OFTEN = "How often does one entry occur, and does each of them count?"
_BLOCKS = "Which of these quantities does each place belong to on the way forward?"
_STILL = (
    "Which quantity stands at this place on the way forward, and does its array still hold it when this "
    "line is run?"
)
_ORDER = "Which axis of the array runs fastest before this line, and which one behind it?"
_MEETS = "Which entry meets which weight on the way forward?"
_OTHERS = "One score rises. What becomes of the other probabilities?"
_BRACKETS = "What does this factor multiply: one term, or all that is added up?"
_UPDATED = "Which of its values has the forward pass used?"
_AFTER = "What is done to the gradient behind its equation, and does the exercise ask for it?"
_CONSTANT = "Write the loss for one example with one entry: which number stands before its derivative?"

FORWARD = "a quantity of the forward pass is another one"
"""The category of edits that are made there."""

_KINDS_OF: Mapping[str, Sequence[Kind]] = {
    "a factor of the chain is missing, doubled or another one": (
        "factor", "doubled", "inverted", "extra", "bracket",
    ),
    "a constant is missing or too much": ("scale", "constant", "clipped"),
    "a sign": ("sign",),
    "a sum is missing, or goes over too much": (
        "sum", "mean", "summed", "total", "unsummed", "axis", "first", "last", "missed", "entry", "assigned",
        "split", "diagonal",
    ),
    "a quantity of another layer, or another index": ("index", "other", "updated", "overwritten"),
    "a term is missing or too much": ("term", "carried", "only", "zero"),
    "the right numbers at a wrong place or time": (
        "order", "time", "before", "after", "transposed", "reshaped", "reversed", "exchanged", "stride",
        "crop", "border", "truncated", "folded",
    ),
    "a function or its derivative is another one, or taken somewhere else": (
        "argument", "derivative", "function", "identity", "power", "positive", "inside",
    ),
}  # fmt: skip
CATEGORIES: Mapping[Kind, str] = {kind: text for text, kinds in _KINDS_OF.items() for kind in kinds}
"""What sort of mistake each kind is, for a learner who shall not be told more."""

_INSTEAD = "{instead} stands in the place of {part}"

KINDS: Mapping[Kind, Words] = {
    "term": Words(0, "the term {part} is left out", _WAYS),
    "carried": Words(0, "{part}, which comes back from the next time, is left out", _WAYS),
    "factor": Words(0, "the factor {part} is left out", _FACTORS),
    "sign": Words(0, "{part} has the other sign", _GROWS),
    "time": Words(1, _INSTEAD, _TIME),
    "before": Words(1, "the entry of the same time stands in the place of the one before it", _TIME),
    "after": Words(1, "the entry of the same time stands in the place of the one after it", _TIME),
    "mean": Words(1, "a mean stands in the place of {part}", _PLACES),
    "summed": Words(0, "a sum stands in the place of {part}", _PLACES),
    "last": Words(1, "of {part} only the last term is left", _RUNS),
    "first": Words(1, "of {part} only the first term is left", _RUNS),
    "missed": Words(1, "of {part} one end is left out", _ENDS),
    "bracket": Words(2, _INSTEAD + ": the factor does not multiply the right terms", _BRACKETS),
    "entry": Words(1, _INSTEAD, _RUNS),
    "transposed": Words(1, "{part} is transposed", _AXES),
    "constant": Words(1, "{part} is {instead} times what it should be", _CONSTANT),
    "zero": Words(1, "{part} is taken for 0", _WAYS),
    "other": Words(2, _INSTEAD, _QUANTITY),
    "argument": Words(2, "the derivative is taken at {instead}, in the place of {part}", _DERIVATIVE),
    "derivative": Words(2, _INSTEAD, _DERIVATIVE),
    "function": Words(2, _INSTEAD, _DERIVATIVE),
    "identity": Words(2, _INSTEAD, _DERIVATIVE),
    "doubled": Words(2, "the factor {part} is there twice", _FACTORS),
    "only": Words(2, "only {part} is left", _WAYS),
    "assigned": Words(2, "{part} adds up, and only the last of it is left, as where it is assigned", _OFTEN),
    "axis": Words(2, _INSTEAD, _AXES),
    "unsummed": Words(2, "{part} is not summed", _AXES),
    "total": Words(2, "the sum {part} goes over too much", _AXES),
    "split": Words(2, _INSTEAD, _AXES),
    "exchanged": Words(2, "{part} and {instead} are in each other's place", _BLOCKS),
    "overwritten": Words(2, _INSTEAD + ", as where its array is overwritten before this line", _STILL),
    "reshaped": Words(2, "the entries of {part} are read in another order", _ORDER),
    "reversed": Words(2, "{part} is read from its other end", _MEETS),
    "diagonal": Words(1, "of softmax's Jacobian only the diagonal is left", _OTHERS),
    "truncated": Words(1, "it is sent back over {instead} times, its own among them, and no further", _FAR),
    "border": Words(1, "around {part} the border stands again, in the place of zeros", _MEETS),
    "folded": Words(1, "the last row is taken for {part}, which is the first", _MEETS),
    "clipped": Words(1, "the entries of {part} are clipped at ±{instead}", _AFTER),
    "stride": Words(1, "the windows lie one apart in {part}", _MEETS),
    "crop": Words(2, "the padding is cut off at one end of {part}", _MEETS),
    "inside": Words(2, _INSTEAD, _QUANTITY),
    "updated": Words(2, _INSTEAD + ", as where it is updated before this line", _UPDATED),
    "power": Words(2, _INSTEAD, _DERIVATIVE),
    "positive": Words(3, _INSTEAD, _DERIVATIVE),
    "inverted": Words(3, "the factor {part} is on the other side of the line", _FACTORS),
    "extra": Words(3, "{part} is too much", _FACTORS),
}

PLAINEST = frozenset(kind for kind, words in KINDS.items() if not words.rank)
"""What people do most."""
