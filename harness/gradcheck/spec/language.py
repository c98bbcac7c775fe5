"""The language of specs: every key, what it takes, and what it means.

None stands for a key that is left out; it can't be written.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic_core import CoreSchema, core_schema

from gradcheck.maths.losses import OUTCOMES
from gradcheck.maths.penalty import Constant
from gradcheck.spec.choice import LAYER, LONGEST_TEXT, LOSS, MOST_UNITS, Named, Strict
from gradcheck.spec.records import Feedback, Scoring
from gradcheck.spec.shipped import NOTATIONS

MOST_LAYERS = 50
MOST_EXAMPLES = 10_000
MOST_CASES = 100
MOST_NAMES = 1000

Line = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT, pattern=r"^[^\n]*$")]
Symbols = Annotated[list[Line], Field(max_length=MOST_NAMES)]
Width = Annotated[int, Field(ge=1, le=MOST_UNITS)]
Number = Annotated[float, Field(ge=0, le=1e9)]
Positive = Annotated[float, Field(gt=0, le=1e9)]


class _WidthOrShape:
    """Marks a field that takes one number or a list of numbers."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        shape = Annotated[list[Width], Field(min_length=1, max_length=4)]
        choices = {"<width>": handler.generate_schema(Width), "<shape>": handler.generate_schema(shape)}
        return core_schema.tagged_union_schema(
            choices, discriminator=lambda value: "<shape>" if isinstance(value, list) else "<width>"
        )


Inputs = Annotated[Any, _WidthOrShape()]


class _FlagOrAll:
    """Marks a field that takes true, false or `all`."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        choices: dict[Any, CoreSchema] = {
            "<flag>": core_schema.bool_schema(strict=True),
            "<all>": core_schema.literal_schema(["all"]),
        }
        return core_schema.tagged_union_schema(
            choices, discriminator=lambda value: "<all>" if value == "all" else "<flag>"
        )


class Range(Strict):
    """Real numbers of a range."""

    real: Annotated[list[Annotated[float, Field(ge=-1e6, le=1e6)]], Field(min_length=2, max_length=2)] = (
        Field(description="The least and the largest.")
    )


class _Targets:
    """Marks a field that takes a kind of targets, or `{real: [low, high]}`."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        names = [*OUTCOMES, "labels"]
        choices = {"<a name>": core_schema.literal_schema(names), "<range>": handler.generate_schema(Range)}
        return core_schema.tagged_union_schema(
            choices, discriminator=lambda value: "<range>" if isinstance(value, dict) else "<a name>"
        )


class Network(Strict):
    """The network: layers one after the other."""

    inputs: Inputs = Field(
        description="How many numbers an example has, or the shape of its array: [channels, height, width] "
        "for conv2d, [times, inputs] for rnn."
    )
    layers: list[Annotated[Any, LAYER]] = Field(
        min_length=1, max_length=MOST_LAYERS, description="The layers in forward order, numbered from 1."
    )


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

    batch: Annotated[int, Field(ge=1, le=MOST_EXAMPLES)] = Field(description="How many examples.")
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
    network: Network = Field(description="The network.")
    loss: Annotated[Any, LOSS] = Field(
        description="The loss ℓ of one example; `upstream` where ∂J/∂output is given, `none` where the "
        "output itself is differentiated."
    )
    reduction: Literal["mean", "sum"] | None = Field(
        default=None,
        description="How J follows from ℓ: by default the mean, the sum for `upstream` and `none`.",
    )
    penalty: PenaltyTerm | None = Field(default=None, description="A penalty on the parameters.")
    labels: Annotated[Any, _FlagOrAll()] = Field(
        default=False,
        description="Whether y holds numbers of classes, not one-hot rows; with `all` every class occurs in "
        "each case that has room for it, and the last one in every case.",
    )
    targets: Annotated[Any, _Targets()] | None = Field(
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
    cases: Annotated[list[CaseText], Field(min_length=1, max_length=MOST_CASES)] = Field(
        default=[CaseText(batch=1), CaseText(batch=5)],
        description="The draws at which the gradients are compared.",
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
