"""The language of networks: layers one after the other, or equations."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from pydantic_core import CoreSchema, core_schema

from gradcheck.layers import LAYERS
from gradcheck.network.draws import KINDS
from gradcheck.network.text import MAX_LENGTH
from gradcheck.specification.choice import LAYER, LONGEST_TEXT, MOST_UNITS, Strict

MOST_LAYERS = 50
MOST_NAMES = 1000

Line = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT, pattern=r"^[^\n]*$")]
Symbols = Annotated[list[Line], Field(max_length=MOST_NAMES)]
Width = Annotated[int, Field(ge=1, le=MOST_UNITS)]


class Tagged:
    """Marks a field that takes one of several kinds of value, told apart by what is written there."""

    def __init__(self, choices: dict[str, Any], tag: Any) -> None:
        self.choices, self.tag = choices, tag

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        choices = {
            name: core_schema.literal_schema(kind)
            if isinstance(kind, list)
            else handler.generate_schema(kind)
            for name, kind in self.choices.items()
        }
        return core_schema.tagged_union_schema(choices, discriminator=self.tag)


Shape = Annotated[list[Width], Field(min_length=1, max_length=4)]
Inputs = Annotated[
    Any,
    Tagged(
        {"<width>": Width, "<shape>": Shape},
        lambda value: "<shape>" if isinstance(value, list) else "<width>",
    ),
]

Axis = Annotated[
    Any,
    Tagged({"<axis>": Line, "<one>": [1]}, lambda value: "<one>" if isinstance(value, int) else "<axis>"),
]
Axes = Annotated[list[Axis], Field(max_length=6)]

Length = Annotated[
    Any,
    Tagged({"<axis>": Line, "<number>": Width}, lambda v: "<axis>" if isinstance(v, str) else "<number>"),
]


class Whole(Strict):
    """Whole numbers from 0."""

    labels: Length | None = Field(
        default=None, description="Numbers of classes: how many classes, or the axis that counts them."
    )
    integers: Length | None = Field(
        default=None, description="Whole numbers: how many of them, or the axis that counts them."
    )


class Quantity(Strict):
    """An array that is given."""

    axes: Axes = Field(description="Its axes, in the order in which it lies.")
    draw: Annotated[
        Any,
        Tagged(
            {"<a name>": [*KINDS], "<whole numbers>": Whole},
            lambda value: "<whole numbers>" if isinstance(value, dict) else "<a name>",
        ),
    ] = Field(default="normal", description="What it is drawn from.")
    over: Line | None = Field(
        default=None,
        description="The axis along which `one_hot` has its 1 and `probabilities` add up to 1; of `labels`, "
        "the axis that counts the classes.",
    )


Given = Annotated[
    Any,
    Tagged(
        {"<axes>": Axes, "<quantity>": Quantity},
        lambda value: "<quantity>" if isinstance(value, dict) else "<axes>",
    ),
]
Quantities = Annotated[dict[str, Given], Field(max_length=MOST_NAMES)]


Text = Annotated[str, Field(min_length=1, max_length=MAX_LENGTH)]
Layout = Annotated[dict[str, Axes], Field(max_length=MOST_NAMES)]


class LayerOfEquations(Strict):
    """A layer of one's own: an equation for each quantity that it makes, the last one its output."""

    equations: Text = Field(
        description="Lines `name = expression`, each of what stands above it, and loops `for t in T:`; names "
        "are without the layer's number."
    )
    input: Annotated[dict[str, Given], Field(min_length=1, max_length=1)] = Field(
        description="What the equations call the layer's input, with its axes: n, that of examples, first."
    )
    sizes: Annotated[dict[str, Length], Field(max_length=50)] = Field(
        default={}, description="The layer's new axes, and how long each is, or as which axis of its input."
    )
    parameters: Quantities = Field(default={}, description="What is learnt, each with its axes.")
    layout: Layout = Field(
        default={}, description="How quantities lie where that is not as their equation has it."
    )


def _kind_of_layer(value: Any) -> str:
    """Whether a layer is one of the table, or one's own: by a key that only that has."""
    keys = set(value) if isinstance(value, dict) else set()
    return (
        "<equations>"
        if keys & LayerOfEquations.model_fields.keys() and not keys & LAYERS.keys()
        else "<named>"
    )


Layer = Annotated[
    Any, Tagged({"<named>": Annotated[Any, LAYER], "<equations>": LayerOfEquations}, _kind_of_layer)
]


class Layers(Strict):
    """The network: layers one after the other."""

    inputs: Inputs = Field(
        description="How many numbers an example has, or the shape of its array: [channels, height, width] "
        "for conv2d, [times, inputs] for rnn."
    )
    layers: list[Layer] = Field(
        min_length=1, max_length=MOST_LAYERS, description="The layers in forward order, numbered from 1."
    )


class Equations(Strict):
    """The network: an equation for each quantity that is made."""

    sizes: Annotated[dict[str, Width], Field(min_length=1, max_length=50)] = Field(
        description="The axes, and how long each is where a case doesn't say otherwise."
    )
    inputs: Quantities = Field(default={}, description="What goes in, each with its axes.")
    parameters: Quantities = Field(default={}, description="What is learnt, each with its axes.")
    equations: Text = Field(
        description="Lines `name = expression`, each of what stands above it, and loops `for t in T:`."
    )
    layout: Layout = Field(
        default={}, description="How quantities lie where that is not as their equation has it."
    )
    samples: Line = Field(default="n", description="The axis of examples.")


def _stated(value: Any) -> str:
    """Whether a network is stated in equations: by a key that layers don't have."""
    of_equations = Equations.model_fields.keys() - Layers.model_fields.keys()
    return "<equations>" if isinstance(value, dict) and value.keys() & of_equations else "<layers>"


Network = Annotated[
    Any,
    Tagged(
        {"<layers>": Layers, "<equations>": Equations},
        _stated,
    ),
]
