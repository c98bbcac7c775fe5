"""The language of specs: every key, what it takes, and what it means.

None stands for a key that is left out; it can't be written.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from gradcheck.losses import OUTCOMES
from gradcheck.network.penalty import Constant
from gradcheck.specification.choice import LOSS, Named, Strict
from gradcheck.specification.network_language import MOST_NAMES, Inputs, Line, Network, Symbols, Tagged, Width
from gradcheck.specification.records import Feedback, Scoring, Visibility
from gradcheck.specification.shipped import NOTATIONS

MOST_EXAMPLES = 10_000
MOST_CASES = 100

Number = Annotated[float, Field(ge=0, le=1e9)]
Positive = Annotated[float, Field(gt=0, le=1e9)]


FlagOrAll = Annotated[
    Any, Tagged({"<flag>": bool, "<all>": ["all"]}, lambda value: "<all>" if value == "all" else "<flag>")
]


class Range(Strict):
    """Real numbers of a range."""

    real: Annotated[list[Annotated[float, Field(ge=-1e6, le=1e6)]], Field(min_length=2, max_length=2)] = (
        Field(description="The least and the largest.")
    )


Targets = Annotated[
    Any,
    Tagged(
        {"<a name>": [*OUTCOMES, "labels"], "<range>": Range},
        lambda value: "<range>" if isinstance(value, dict) else "<a name>",
    ),
]


class PenaltyTerm(Strict):
    """A penalty added to J: c Σ w² (l2) or c Σ |w| (l1)."""

    l1: Positive | None = Field(default=None, description="λ of a penalty on |w|.")
    l2: Positive | None = Field(default=None, description="λ of a penalty on w².")
    constant: Constant = Field(description="How c follows from λ and m, the number of examples.")
    of: Annotated[list[Line], Field(min_length=1)] | None = Field(
        default=None,
        description="Letters of the parameters that it covers; by default the weights.",
    )


class Submission(Strict):
    """How the student's code is found and called."""

    file: Line | None = Field(
        default=None, description="The file in a submission's folder; by default the spec's name with .py."
    )
    run: Annotated[str, Field(min_length=1, max_length=20_000)] | None = Field(
        default=None,
        description="Python that calls the student's code: it runs in the student's module with the "
        "network's symbols as variables; afterwards the checked symbols are read. By default "
        "`grads = backprop(params, x, y)`, with dictionaries keyed by symbol.",
    )
    seconds: Annotated[float, Field(gt=0, le=3600)] = Field(
        default=10, description="How long the submission may take."
    )
    memory_mb: Annotated[int, Field(ge=64, le=65536)] = Field(
        default=1024, description="How much memory it may take, in MiB."
    )
    output: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        default=64_000, description="How many characters of what it prints are kept."
    )
    formula: bool = Field(
        default=False,
        description="Whether formulas are taken, too: a file of the same name with .tex, .md or .txt.",
    )
    given: Symbols = Field(
        default=[], description="Symbols of intermediates, such as z1, that `run` also has as variables."
    )


class CaseText(Strict):
    """One draw of numbers at which the gradients are compared."""

    batch: Annotated[int, Field(ge=1, le=MOST_EXAMPLES)] | None = Field(
        default=None, description="Of a network of layers, how many examples."
    )
    sizes: dict[str, Width] | None = Field(
        default=None,
        description="Lengths of axes, where they are others: of a network of equations, or, as u2, of the "
        "axis u that layer 2 brings by its equations.",
    )
    widths: Annotated[list[Width], Field(min_length=2)] | None = Field(
        default=None, description="Other sizes: the inputs' number, then each dense layer's units."
    )
    inputs: Inputs | None = Field(default=None, description="Another number or shape of inputs.")
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = Field(
        default=None, description="The seed of its numbers; by default 1000 times the spec's, plus its place."
    )


class Sheet(Strict):
    """A question about the gradients of a small network."""

    title: Line = Field(description="What the exercise is called.")
    notation: Annotated[str, Named(NOTATIONS)] = Field(
        default="plain", description="Whose letters, layer numbers and orientations are spoken."
    )
    letters: dict[str, Line] = Field(
        default={},
        max_length=MOST_NAMES,
        description='Other names for the notation\'s letters, such as {z: "s{n}"}; {n} is the layer.',
    )
    numbers: dict[str, Annotated[int, Field(ge=-10, le=10)]] = Field(
        default={},
        max_length=MOST_NAMES,
        description="What to add to the notation's layer numbers, such as {z: -1}.",
    )
    network: Network = Field(description="The network, as layers or as equations.")
    loss: Annotated[Any, LOSS] | None = Field(
        default=None,
        description="Of a network of layers, the loss ℓ of one example; `upstream` where ∂J/∂output is "
        "given, `none` where the output itself is differentiated.",
    )
    upstream: Symbols = Field(
        default=[],
        description="Of equations that make no J, the quantities whose gradients come from what follows: dq "
        "is given for each q. By default the last one.",
    )
    reduction: Literal["mean", "sum"] | None = Field(
        default=None,
        description="How J follows from ℓ: by default the mean, the sum for `upstream` and `none`.",
    )
    penalty: PenaltyTerm | None = Field(default=None, description="A penalty on the parameters.")
    labels: FlagOrAll = Field(
        default=False,
        description="Whether y holds numbers of classes, not one-hot rows; with `all` every class occurs in "
        "each case that has room for it, and the last one in every case.",
    )
    targets: Targets | None = Field(
        default=None,
        description="What y is drawn from, by default what the loss compares with: `one_hot` rows, `labels` "
        "(numbers of classes), `binary` (0 or 1), `signs` (-1 or 1), `probabilities`, `counts`, `real` "
        "numbers, or those of a range: `{real: [0, 1]}`.",
    )
    submission: Submission = Field(
        default=Submission(), description="How the student's code is found and called."
    )
    check: Annotated[Symbols, Field(min_length=1)] = Field(
        description="Symbols of the quantities that are checked: each is a test of its own."
    )
    accept: Symbols = Field(
        default=[], description="Symbols that are compared where the submission sets them."
    )
    cases: Annotated[list[CaseText], Field(min_length=1, max_length=MOST_CASES)] | None = Field(
        default=None,
        description="The draws at which the gradients are compared; by default batches of 1 and 5, of "
        "equations two draws in the network's sizes and one with every size different.",
    )
    seed: Annotated[int, Field(ge=0, le=1_000_000)] = Field(default=0, description="The seed of the draws.")
    points: dict[str, Number] = Field(
        default={}, max_length=MOST_NAMES, description="Points of each checked symbol; 1 each by default."
    )
    scoring: Scoring = Field(
        default="each",
        description="What earns points: `each` right quantity; with `follow_through` also what is right "
        "given what is wrong before it, so that one mistake costs once; with `all_or_nothing` all "
        "points or none.",
    )
    feedback: Feedback = Field(
        default="full",
        description="What a learner is told of a mistake: `where` it is, a `hint` beside that (a question), "
        "or in `full` what the numbers are.",
    )
    hidden: bool = Field(
        default=False,
        description="Whether a graded class is kept from seeing what its code printed and where it failed.",
    )
    visibility: Visibility = Field(
        default="visible",
        description="When students see the spec's tests on Gradescope, in its words.",
    )
    tolerance: Annotated[float, Field(gt=0, le=1e-2)] | None = Field(
        default=None,
        description="The largest relative error that counts as right; by default the harness's own.",
    )
    precision: Literal["any", "double"] = Field(
        default="any",
        description="Whether an answer computed in single precision (float32) is right, with a note, or only "
        "what is right in `double` precision.",
    )
    epsilon: Annotated[float, Field(gt=0, le=1e-2)] | None = Field(
        default=None,
        description="The largest constant that a program may add in the loss's logarithms and quotients, "
        "as in log(a + 1e-7); by default none.",
    )
    reference: Line | None = Field(
        default=None,
        description="A right solution, by its path from the spec's folder: `gradcheck spec check` and "
        "`gradcheck grade` try it first, and complain of the spec where it is not right.",
    )
