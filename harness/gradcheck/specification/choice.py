"""A choice from a table of the mathematics, written as a name or as a name with its options."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from typing import Annotated, Any, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, create_model
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from gradcheck.layers import LAYERS, Activation, activation, layer
from gradcheck.layers.activation import OPTIONS
from gradcheck.losses import LOSSES, loss
from gradcheck.specification import stack

MOST_UNITS = 10_000
LONGEST_TEXT = 500

_ABOUT_OPTIONS = {
    "activation": "The function g of a = g(z).",
    "bias": "Whether a bias b is added.",
    "filters": "How many filters the layer has: the channels of its output.",
    "padding": "How many zeros are put around the input on each side.",
    "size": "The height and the width of a filter.",
    "stride": "How far a filter moves from one place to the next.",
    "units": "How many units the layer has.",
}


class Strict(BaseModel):
    """A mapping that takes its own keys alone, and no value of a neighbouring type."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, validate_default=True)


@dataclass(frozen=True)
class Named:
    """Marks a field that takes one of some names."""

    names: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(list(self.names))


@dataclass(frozen=True)
class _TextOrOptions:
    """Marks a field that takes all options or, in their place, the text of the only one."""

    options: type[Strict]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        (option,) = self.options.model_fields.values()
        text: Any = Annotated[option.annotation, Field(description=option.description), *option.metadata]
        choices = {
            "<text>": handler.generate_schema(text),
            "<options>": handler.generate_schema(self.options),
        }
        return core_schema.tagged_union_schema(
            choices, discriminator=lambda value: "<text>" if isinstance(value, str) else "<options>"
        )


@dataclass(frozen=True)
class Choice:
    """Marks a field that takes `name`, or `{name: {option: value}}`.

    It validates to {"name": name, "options": {option: value}} with every default filled in. Pydantic
    reports the tags of a choice among the keys; in angles they can't be taken for keys.
    """

    make: Callable[[Mapping[str, Any]], Any]
    """Makes what is chosen from the validated data; ValueError where an option makes no sense."""
    options: Mapping[str, type[Strict]] = field(hash=False)

    @cached_property
    def entries(self) -> Mapping[str, type[Strict]]:
        """The models of `{name: options}`."""
        return {name: _entry(name, options) for name, options in self.options.items()}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        entries = {f"<{name}>": handler.generate_schema(entry) for name, entry in self.entries.items()}
        bare = [name for name, model in self.options.items() if not _requires(model)]
        union = core_schema.tagged_union_schema(
            {"<a name>": core_schema.literal_schema(bare), **entries}, discriminator=self._tag
        )
        return core_schema.no_info_after_validator_function(self._normal, union)

    def _tag(self, value: Any) -> str | None:
        if isinstance(value, str):
            return "<a name>"
        if not isinstance(value, dict) or not value:
            return None
        return f"<{next((key for key in value if key in self.options), next(iter(value)))}>"

    def _normal(self, value: Any) -> dict[str, Any]:
        if isinstance(value, str):
            chosen = {"name": value, "options": dict(self.options[value]())}
        else:
            ((name, options),) = value
            if isinstance(options, str):
                options = [(_text_option(self.options[name]), options)]
            chosen = {"name": name, "options": dict(options)}
        self.make(chosen)
        return chosen


def _entry(name: str, options: type[Strict]) -> type[Strict]:
    value: Any = Annotated[Any, _TextOrOptions(options)] if _text_option(options) else options
    described = (value, Field(description=options.__doc__))
    return _model(options.__name__.removesuffix("Options"), options.__doc__ or "", {name: described})


def _model(title: str, about: str, content: Mapping[str, Any]) -> type[Strict]:
    model: type[Strict] = create_model(title, __base__=Strict, __doc__=about, **content)
    return model


def _requires(options: type[Strict]) -> bool:
    return any(option.is_required() for option in options.model_fields.values())


def _text_option(options: type[Strict]) -> str | None:
    """The name of the only option, where there is just one and it takes texts."""
    if len(options.model_fields) != 1:
        return None
    ((name, option),) = options.model_fields.items()
    texts = getattr(option.annotation, "__args__", (option.annotation,))
    return name if all(text is str or isinstance(text, str) for text in texts) else None


def _options(name: str, what: str, about: str, options: Mapping[str, tuple[Any, Any]]) -> type[Strict]:
    """The model of the options of one entry, from each option's type and default (... where it has none)."""
    title = "".join(word.capitalize() for word in name.split("_")) + what.capitalize() + "Options"
    return _model(title, about, {key: _option(key, *option, about) for key, option in options.items()})


def _option(name: str, kind: Any, default: Any, about: str) -> tuple[Any, FieldInfo]:
    if kind is Activation:
        kind, default = Annotated[Any, ACTIVATION], default.name
    limits: dict[str, Any] = {}
    if name == "eps":
        limits = {"ge": 0}
    if kind in (int, int | None):
        # A count; those that start at 0 may stay there.
        limits = {"ge": 0 if default == 0 else 1, "le": MOST_UNITS}
    if kind is str:
        limits = {"min_length": 1, "max_length": LONGEST_TEXT}
    description = _ABOUT_OPTIONS.get(name, f"Option of: {about}")
    return kind, Field(default, description=description, **limits)


def _of_factory(what: str, name: str, factory: Callable[..., Any]) -> type[Strict]:
    parameters = inspect.signature(factory, eval_str=True).parameters
    given = {p.name: (p.annotation, ... if p.default is p.empty else p.default) for p in parameters.values()}
    return _options(name, what, (inspect.getdoc(factory) or name).splitlines()[0], given)


def _of_layer(name: str, layer: type[Any]) -> type[Strict]:
    kinds = get_type_hints(layer)
    given = {f.name: (kinds[f.name], ... if f.default is MISSING else f.default) for f in fields(layer)}
    return _options(name, "layer", f"A layer: {layer.about}.", given)


def _of_activation(name: str, options: Mapping[str, tuple[Any, Any]]) -> type[Strict]:
    about = {"identity": "z: a layer without activation", "custom": "Any function of z, as a formula"}
    call = f"{name}({', '.join(['z', *options])})"
    return _options(name, "activation", f"{about.get(name, call)}.", options)


ACTIVATION = Choice(
    stack.activation, {name: _of_activation(name, options) for name, options in OPTIONS.items()}
)
LOSS = Choice(stack.loss, {name: _of_factory("loss", name, factory) for name, factory in LOSSES.items()})
ALIASES = (*activation.ALIASES, *loss.ALIASES, *layer.ALIASES)
"""(what others call one of them, its name)."""
LAYER = Choice(stack.layer, {name: _of_layer(name, layer) for name, layer in LAYERS.items()})
