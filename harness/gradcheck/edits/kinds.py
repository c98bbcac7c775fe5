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


_WAYS = "Along how many paths does a change of it reach the loss? Is there a term for each of them?"
_TERMS = "Which terms does the chain rule add up here? Is there a path to the loss behind each of yours?"
_FACTORS = "Which factors does the chain rule multiply here? Is each of them there, and only once?"
_GROWS = "If this quantity grows a little, does the loss rise or fall? Does the sign in your equation agree?"
_AXES = "Which index stands on both sides of the equation, and which one is only summed over?"
_QUANTITY = "Which quantity stands here in the forward pass?"
_DERIVATIVE = "What is the derivative of the function that is used here, and at which point is it taken?"
_TIME = "From which time step does the value come that is multiplied here?"
_FAR = "Over how many time steps does a change reach the loss, and over how many do you send it back?"
_ENDS = "Where does this sum begin in the forward pass, and where does it end?"
_PLACES = "Does the forward pass take a sum or a mean here? Where is it divided by the number of terms?"
_RUNS = "How often does this line run, and what is left of the earlier runs?"
_OFTEN = "How often does one entry occur, and does each occurrence count?"
_BLOCKS = "Which of these quantities does each block belong to in the forward pass?"
_STILL = (
    "Which quantity stands here in the forward pass, and does its array still hold it when this line runs?"
)
_ORDER = "Which axis of the array varies fastest before this line, and which one after it?"
_MEETS = "Which entry meets which weight in the forward pass?"
_OTHERS = "If one score rises, what happens to the other probabilities?"
_BRACKETS = "What does this factor multiply: one term, or the whole sum?"
_UPDATED = "Which of its values did the forward pass use?"
_AFTER = "What happens to the gradient after its equation, and does the exercise ask for it?"
_CONSTANT = "Write out the loss for one example and one output: which number is in front of its derivative?"

FORWARD = "a quantity of the forward pass is computed differently"
"""The category of edits that are made there."""

_KINDS_OF: Mapping[str, Sequence[Kind]] = {
    "a factor of the chain rule is missing, repeated or wrong": (
        "factor", "doubled", "inverted", "extra", "bracket",
    ),
    "a constant factor is missing, or there is one too many": ("scale", "constant", "clipped"),
    "a wrong sign": ("sign",),
    "a sum is missing, or runs over the wrong terms": (
        "sum", "mean", "summed", "total", "unsummed", "axis", "first", "last", "missed", "entry", "assigned",
        "split", "diagonal",
    ),
    "a quantity of the wrong layer, or a wrong index": ("index", "other", "updated", "overwritten"),
    "a term is missing, or there is one too many": ("term", "carried", "only", "zero", "added"),
    "the right numbers in the wrong place, or at the wrong time": (
        "order", "time", "before", "after", "transposed", "reshaped", "reversed", "exchanged", "stride",
        "crop", "border", "truncated", "folded",
    ),
    "a wrong function or derivative, or one taken at the wrong point": (
        "argument", "derivative", "function", "identity", "power", "positive", "inside",
    ),
}  # fmt: skip
CATEGORIES: Mapping[Kind, str] = {kind: text for text, kinds in _KINDS_OF.items() for kind in kinds}
"""What sort of mistake each kind is, for a learner who shall not be told more."""

_INSTEAD = "{instead} stands in place of {part}"

KINDS: Mapping[Kind, Words] = {
    "term": Words(0, "the term {part} is left out", _WAYS),
    "carried": Words(0, "{part}, which comes back from the next time step, is left out", _WAYS),
    "factor": Words(0, "the factor {part} is left out", _FACTORS),
    "sign": Words(0, "{part} has the wrong sign", _GROWS),
    "time": Words(1, _INSTEAD, _TIME),
    "before": Words(1, "the entry of the same time step stands in place of the previous one", _TIME),
    "after": Words(1, "the entry of the same time step stands in place of the next one", _TIME),
    "mean": Words(1, "the sum in {part} is replaced by a mean", _PLACES),
    "summed": Words(0, "the mean in {part} is replaced by a sum", _PLACES),
    "last": Words(1, "only the last term of the sum in {part} is left", _RUNS),
    "first": Words(1, "only the first term of the sum in {part} is left", _RUNS),
    "missed": Words(1, "one end of the range is left out", _ENDS),
    "bracket": Words(2, _INSTEAD + ": the factor multiplies the wrong terms", _BRACKETS),
    "entry": Words(1, _INSTEAD, _RUNS),
    "transposed": Words(1, "{part} is transposed", _AXES),
    "constant": Words(1, "{part} is {instead} times what it should be", _CONSTANT),
    "zero": Words(1, "{part} is taken to be 0", _WAYS),
    "other": Words(2, _INSTEAD, _QUANTITY),
    "argument": Words(2, "the derivative is taken at {instead} instead of {part}", _DERIVATIVE),
    "derivative": Words(2, _INSTEAD, _DERIVATIVE),
    "function": Words(2, _INSTEAD, _DERIVATIVE),
    "identity": Words(2, _INSTEAD, _DERIVATIVE),
    "doubled": Words(2, "the factor {part} appears twice", _FACTORS),
    "only": Words(2, "only {part} is left", _WAYS),
    "assigned": Words(
        2, "only the last term of {part} is left, as if it were assigned and not added", _OFTEN
    ),
    "axis": Words(2, _INSTEAD, _AXES),
    "unsummed": Words(2, "the sum in {part} is left out", _AXES),
    "total": Words(2, "the sum in {part} runs over one axis too many", _AXES),
    "split": Words(2, _INSTEAD, _AXES),
    "exchanged": Words(2, "{part} and {instead} are swapped", _BLOCKS),
    "overwritten": Words(2, _INSTEAD + ", as if its array were overwritten before this line", _STILL),
    "reshaped": Words(2, "the entries of {part} are read in another order", _ORDER),
    "reversed": Words(2, "{part} is read in the opposite direction", _MEETS),
    "diagonal": Words(1, "only the diagonal of softmax's Jacobian is left", _OTHERS),
    "truncated": Words(1, "it is sent back over only {instead} time steps, its own included", _FAR),
    "border": Words(1, "{part} is padded with its border instead of zeros", _MEETS),
    "folded": Words(1, "the last row is taken for {part}, which is the first one", _MEETS),
    "clipped": Words(1, "the entries of {part} are clipped at ±{instead}", _AFTER),
    "stride": Words(1, "the windows in {part} are only one step apart", _MEETS),
    "crop": Words(2, "the padding of {part} is removed at one end only", _MEETS),
    "inside": Words(2, _INSTEAD, _QUANTITY),
    "updated": Words(2, _INSTEAD + ", as if it were updated before this line", _UPDATED),
    "power": Words(2, _INSTEAD, _DERIVATIVE),
    "positive": Words(3, _INSTEAD, _DERIVATIVE),
    "inverted": Words(3, "{part} multiplies where it should divide, or the other way round", _FACTORS),
    "extra": Words(3, "the factor {part} should not be there", _FACTORS),
    "added": Words(3, "the term {part} should not be there", _TERMS),
}

PLAINEST = frozenset(kind for kind, words in KINDS.items() if not words.rank)
"""What people do most."""
