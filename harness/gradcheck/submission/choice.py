"""Which file of a folder is meant where none has the right name: `two_layer (1).py`, `main.ipynb`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradcheck.submission.definers import defines_all, functions_of, is_code, is_other_work, provides_all
from gradcheck.submission.kinds import PYTHON, is_environment, is_left_out, kind, stem
from gradcheck.submission.text import one_line
from gradcheck.submission.wanted import Wanted

_COPY = r"(?i)^(?:copy|kopie|copie) (?:of|von|de) |[ _-]*\(\d+\)$|[ _-]+(?:copy|kopie)(?: ?\(?\d+\)?)?$"
"""What browsers and file managers add to the name of a second copy."""
_NO_WORK = ("__init__.py", "conftest.py", "setup.py")
"""Code that no exercise asks for."""
_BARE = ("", ".txt", ".json")
"""How a file may end whose content alone says that it is code."""
_DEEPEST, _MOST = 3, 1000
"""How many folders deep, and how many entries, are looked at."""
_MOST_NAMED = 10
"""How many functions a message names."""
_MOST_READ = 100
"""How many files are read."""

NO_FILE = "No file defines"
"""How the reason begins where there are several files: which they are is to follow."""
Read = Callable[[Path], str]
"""The code of a file; empty where it can't be read."""


@dataclass(frozen=True)
class Choice:
    """The files that may be meant."""

    files: tuple[Path, ...]
    """One is taken; of several none is, and neither where there is no file."""
    reason: str = ""
    """Why none may be meant, beyond its name; empty where there is no more to say."""
    is_alike: bool = False
    """Whether they are called like the file that is wanted."""


def choose(folder: Path, wanted: Wanted, read: Read) -> Choice:
    """What is meant by the file that is wanted, which is not there.

    First what is called alike. Else, where nothing else is checked, the only code that there is, unless it is
    other work by what it defines; and where more is, the only file that defines the functions that `run`
    calls. What is called like the file of another spec is for that one.
    """
    code = _code(folder, read)
    alike = [path for path in code if _plain(path.name) == _plain(wanted.file)]
    if alike:
        fitting = _fitting(alike, wanted, read) if len(alike) > 1 else []
        return Choice(tuple(fitting if len(fitting) == 1 else alike), is_alike=True)
    reserved = {_plain(file) for file in (*wanted.elsewhere(), *(other.file for other in wanted.others))}
    free = [path for path in code if _plain(path.name) not in reserved]
    if not wanted.others and len(free) == 1 and not is_other_work(read(free[0]), wanted.functions):
        return Choice(tuple(free))
    fitting = _fitting(free, wanted, read)
    if not fitting:
        return Choice((), _nothing(folder, free, code, wanted, read))
    rivals = [other for other in wanted.others if _competes(other, wanted, fitting, code, read)]
    if rivals:
        return Choice((), _contested(folder, fitting, wanted, rivals))
    return Choice(tuple(fitting))


def _code(folder: Path, read: Read) -> list[Path]:
    """All code, without a notebook beside a file of its name; where there is none, what seems to be code."""
    there = list(_files(folder))
    code = [path for path in there if kind(path.name)]
    code = [path for path in code if path.name not in _NO_WORK] or code
    files = {path.parent / stem(path.name) for path in code if kind(path.name) == PYTHON}
    code = [p for p in code if kind(p.name) == PYTHON or p.parent / stem(p.name) not in files]
    bare = (path for path in there if path.suffix.lower() in _BARE and not kind(path.name))
    return code or [path for path in list(bare)[:_MOST_READ] if is_code(read(path))]


def _fitting(code: Sequence[Path], wanted: Wanted, read: Read) -> list[Path]:
    """The files that define what `run` calls; failing them, those that define a part and import the rest."""
    texts = {path: read(path) for path in code[:_MOST_READ]}
    complete = [path for path, text in texts.items() if defines_all(text, wanted.functions)]
    return complete or [path for path, text in texts.items() if provides_all(text, wanted.functions)]


def _competes(
    other: Wanted, wanted: Wanted, fitting: Sequence[Path], code: Iterable[Path], read: Read
) -> bool:
    """Whether another spec could mean the same functions: it has no file that is called as it asks."""
    if wanted.functions.keys().isdisjoint(other.functions):
        return False
    is_there = any(_plain(path.name) == _plain(other.file) for path in code)
    return not is_there and bool(_fitting(fitting, other, read))


def _nothing(folder: Path, free: Sequence[Path], code: Sequence[Path], wanted: Wanted, read: Read) -> str:
    if not free and len(code) == 1:
        return f"{one_line(code[0].name)} is for another spec."
    if not code:
        return _no_code(folder, wanted)
    if not free or not wanted.functions:
        return ""
    names = " and ".join(wanted.functions)
    if len(free) > 1:
        return f"{NO_FILE} {names}."
    there = one_line(", ".join(functions_of(read(free[0]))[:_MOST_NAMED])) or "no function"
    return f"{one_line(free[0].name)} does not define {names}, but {there}."


def _no_code(folder: Path, wanted: Wanted) -> str:
    """What to hand in where there are only other files."""
    names = [one_line(path.relative_to(folder).as_posix()) for path in _files(folder)]
    if not names:
        return ""
    name = stem(wanted.file)
    formulas = f", or formulas as {name}.tex, {name}.md or {name}.txt" if wanted.formula else ""
    more = ", …" * (len(names) > _MOST_NAMED)
    there = f"{', '.join(names[:_MOST_NAMED])}{more}"
    return f"There is no code, only {there}: hand in a .py or .ipynb file{formulas}."


def _contested(folder: Path, files: Sequence[Path], wanted: Wanted, rivals: Sequence[Wanted]) -> str:
    shown = " and ".join(one_line(path.relative_to(folder).as_posix()) for path in files)
    return (
        f"{shown} can be meant for {' or '.join([wanted.file, *(rival.file for rival in rivals)])}: "
        "rename it to the one that it is"
    )


def _plain(name: str) -> str:
    """A file's name without its ending and what people change in it."""
    name = stem(Path(name).name)
    while (shorter := re.sub(_COPY, "", name)) != name:
        name = shorter
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _files(folder: Path) -> Iterator[Path]:
    """The files, folder by folder, those at the top first; links are not followed."""
    waiting, seen = [(folder, 0)], 0
    while waiting:
        here, depth = waiting.pop(0)
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError:
            continue
        if depth and is_environment(entry.name for entry in entries):
            continue
        for entry in entries:
            seen += 1
            if seen > _MOST:
                return
            if is_left_out(entry.name) or entry.is_symlink():
                continue
            if entry.is_dir():
                waiting += [(Path(entry.path), depth + 1)] if depth < _DEEPEST else []
            else:
                yield Path(entry.path)
