"""All pages that are written when the site is built."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generators import registries
from generators.commands import commands_page
from generators.gallery import gallery_pages
from generators.schema import SCHEMA, schema_file, schema_page

REFERENCE: dict[str, Callable[[], str]] = {
    "reference/commands.md": commands_page,
    "reference/activations.md": registries.activations_page,
    "reference/losses.md": registries.losses_page,
    "reference/layers.md": registries.layers_page,
    "reference/operations.md": registries.operations_page,
    "reference/notations.md": registries.notations_page,
    "reference/edits.md": registries.edits_page,
    "reference/schema.md": schema_page,
    SCHEMA: schema_file,
}
"""Path from the root of the documentation -> what writes the file."""


def generated() -> Iterator[tuple[str, str]]:
    """Path and content of each file."""
    for path, write in REFERENCE.items():
        yield path, write()
    yield from gallery_pages().items()
