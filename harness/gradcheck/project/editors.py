"""The schema of specs for editors: a copy in the project, and what tells VS Code, PyCharm and others of it.

The copy lies beside the specs, so that its path is the same for everybody who works on them.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradcheck.errors import UsageError
from gradcheck.project.jsonc import JsoncError, member, with_member
from gradcheck.project.settings import relative

COPY = "gradcheck.schema.json"
"""What the copy is called."""
_SCHEMAS = "yaml.schemas"
_LINE = re.compile(r"#[ \t]*yaml-language-server:[ \t]*\$schema=(\S+)[^\r\n]*")
_ENDINGS = ("*.yaml", "*.yml")
_MAPPINGS = "JsonSchemaMappingsProjectConfiguration"


@dataclass(frozen=True)
class Change:
    """A file with what it is to hold."""

    path: Path
    text: str
    about: str

    @property
    def is_new(self) -> bool:
        """Whether the file holds anything else now."""
        return not self.path.exists() or _read(self.path) != self.text


def changes(root: Path, folders: Sequence[Path], specs: Sequence[Path], schema: str) -> list[Change]:
    """Everything that editors need of the project at `root`, whose specs lie in these folders.

    Raises UsageError where settings that are there can't be changed, and nothing is to be written then.
    """
    return [
        *(Change(folder / COPY, schema, "the schema of specs") for folder in folders),
        _vs_code(root, folders),
        *_pycharm(root, folders),
        *(change for spec in specs if (change := _spec(spec, folders))),
    ]


def write(change: Change) -> None:
    """Write the file. Raises UsageError."""
    try:
        change.path.parent.mkdir(parents=True, exist_ok=True)
        change.path.write_bytes(change.text.encode())
    except OSError as error:
        raise UsageError(f"{change.path}: {error.strerror or error}") from None


def _read(path: Path) -> str:
    """The text, with its own ends of lines. Raises UsageError."""
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise UsageError(f"{path}: can't be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is not UTF-8 text; save it as UTF-8") from None


def _vs_code(root: Path, folders: Sequence[Path]) -> Change:
    """Its settings, in which all that is there stays, comments too."""
    path = root / ".vscode" / "settings.json"
    text = _read(path) if path.exists() else ""
    try:
        known = member(text, _SCHEMAS)
        if known is not None and not isinstance(known, dict):
            raise JsoncError(f"{_SCHEMAS} is not an object")
        ours = {
            relative(folder / COPY, root): [relative(folder / end, root) for end in _ENDINGS]
            for folder in folders
        }
        wanted = {**(known or {}), **ours}
        changed = text if known == wanted else with_member(text, _SCHEMAS, wanted)
    except JsoncError as error:
        raise UsageError(f"{path}: {error}; correct it, or add {_SCHEMAS} by hand") from None
    return Change(path, changed, "VS Code, with its YAML extension")


def _pycharm(root: Path, folders: Sequence[Path]) -> Iterator[Change]:
    """Its mappings, where it has a folder for the project; others that are there are left to their owner."""
    path = root / ".idea" / "jsonSchemas.xml"
    if not path.parent.is_dir():
        return
    if path.exists():
        text = _read(path)
        if all(relative(folder / COPY, root) in text for folder in folders):
            return
        raise UsageError(f"{path}: has mappings already; add {COPY} in PyCharm, under JSON Schema Mappings")
    yield Change(path, _mappings(root, folders), "PyCharm")


def _mappings(root: Path, folders: Sequence[Path]) -> str:
    project = ElementTree.Element("project", version="4")
    component = ElementTree.SubElement(project, "component", name=_MAPPINGS)
    state = ElementTree.SubElement(ElementTree.SubElement(component, "state"), "map")
    for folder in folders:
        name = f"gradcheck: {relative(folder, root)}"
        entry = ElementTree.SubElement(state, "entry", key=name)
        info = ElementTree.SubElement(ElementTree.SubElement(entry, "value"), "SchemaInfo")
        for key, value in (("name", name), ("relativePathToSchema", relative(folder / COPY, root))):
            ElementTree.SubElement(info, "option", name=key, value=value)
        patterns = ElementTree.SubElement(ElementTree.SubElement(info, "option", name="patterns"), "list")
        item = ElementTree.SubElement(patterns, "Item")
        named = {"directory": "true", "path": relative(folder, root), "mappingKind": "Directory"}
        for key, value in named.items():
            ElementTree.SubElement(item, "option", name=key, value=value)
    ElementTree.indent(project)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(project, encoding="unicode")}\n'


def _spec(path: Path, folders: Sequence[Path]) -> Change | None:
    """The spec with a first line for all other editors; None where it has one that leads to a schema."""
    text = _read(path)
    folder = next((folder for folder in folders if folder in path.parents), path.parent)
    line = f"# yaml-language-server: $schema={relative(folder / COPY, path.parent)}"
    if stated := _LINE.search(text):
        target = path.parent / stated[1]
        if "://" in stated[1] or target.exists() or target == folder / COPY:
            return None
        return Change(path, text[: stated.start()] + line + text[stated.end() :], "its first line")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    newline = "\r\n" if "\r\n" in text else "\n"
    return Change(path, f"{mark}{line}{newline}{text[len(mark) :]}", "its first line")
