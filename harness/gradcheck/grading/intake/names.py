"""What names of files and folders say: the class, an assignment, a part of somebody's work, a handout."""

from __future__ import annotations

import re

from gradcheck.submission import kinds

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
"""How archives end that can be unpacked."""
_DOCUMENTS = {
    ".7z": "a 7z archive, which can't be unpacked here",
    ".doc": "a Word document",
    ".docx": "a Word document",
    ".gz": "a compressed file",
    ".html": "a web page",
    ".htm": "a web page",
    ".jpeg": "a picture",
    ".jpg": "a picture",
    ".heic": "a picture",
    ".m": "MATLAB code",
    ".md": "text",
    ".odt": "an OpenDocument text",
    ".pdf": "a PDF",
    ".png": "a picture",
    ".r": "R code",
    ".jl": "Julia code",
    ".rar": "a RAR archive, which can't be unpacked here",
    ".rtf": "an RTF document",
    ".tex": "LaTeX",
    ".txt": "text",
}
"""What people hand in that is no code in Python, by its ending."""
_DATA = (
    *(".csv", ".tsv", ".xls", ".xlsx", ".ods", ".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".xml"),
    *(".sqlite", ".db", ".log", ".lock", ".npy", ".npz", ".pkl", ".pt", ".h5", ".mat", ".sh", ".bat", ".css"),
)
"""Lists, settings and data: they lie beside submissions, and are none."""
_LETTERS = re.compile(r"[^\W\d_]+")


def _words(text: str) -> list[str]:
    return _LETTERS.findall(text.lower())


_CLASS = frozenset(
    _words(
        "abgaben class classes course courses download downloads export exports handins late ontime "
        "resubmissions students submissions submitted time uploads"
    )
)
_FILLING = frozenset(_words("all and by final for group in of on section student the"))
"""Words that a folder of a class may have besides."""
_ASSIGNMENT = frozenset(
    _words(
        "assignment aufgabe blatt devoir ex exercise exercises final homework hw lab midterm problem project "
        "ps pset quiz sheet task tp uebung übung week"
    )
)
_PART = frozenset(
    _words(
        "answer answers archive attempt backup code copy data doc docs draft figures images lib my new "
        "notebook notebooks old package part plots py python scripts solution solutions source src "
        "submission test tests util utils v version"
    )
)
_HANDOUT = frozenset(
    _words(
        "assignment assignments autograder data doc docs exercise exercises feedback grades grading handout "
        "handouts homework hw instructions instructor license makefile notes readme reference references "
        "release requirements roster rubric sheet solution solutions source spec specs starter syllabus "
        "template templates"
    )
)
_TERM = re.compile(r"(?:fall|spring|summer|winter|autumn|ws|ss|sose|wise|cs)\W?_?\d.*", re.I)
_SHORT = 3
"""Digits of a number that is a part's; longer ones are students'."""


def is_code(name: str) -> bool:
    """Whether a file of that name is Python or a notebook."""
    return bool(kinds.kind(name))


def is_archive(name: str) -> bool:
    """Whether a file of that name can be unpacked."""
    return name.lower().endswith(ARCHIVES)


def stem(name: str) -> str:
    """A file's name without its ending, which may be of two parts."""
    if is_archive(name):
        ending = next(end for end in ARCHIVES if name.lower().endswith(end))
        return name[: -len(ending)]
    return kinds.stem(name)


def is_data(name: str) -> bool:
    """Whether a file of that name is nobody's work."""
    return name.lower().endswith(_DATA)


def described(name: str) -> str:
    """What a file is that is neither code nor an archive: a PDF."""
    _, dot, ending = name.lower().rpartition(".")
    return _DOCUMENTS.get(dot + ending) or (f"a .{ending} file" if dot else "a file without an ending")


def is_handout(name: str) -> bool:
    """Whether it is what instructors hand out or keep, such as README.md or solution.py."""
    words = _words(stem(name))
    return bool(words) and _HANDOUT.issuperset(words)


def is_of_class(name: str) -> bool:
    """Whether a folder of that name holds a class, such as hw1-submissions."""
    words = _words(name)
    return not _CLASS.isdisjoint(words) and (_CLASS | _ASSIGNMENT | _FILLING).issuperset(words)


def is_of_assignment(name: str) -> bool:
    """Whether a folder is named after an assignment or a term: hw1, CS101, fall 2026."""
    words = _words(name)
    return bool(_TERM.fullmatch(name)) or (bool(words) and _ASSIGNMENT.issuperset(words))


def is_of_part(name: str) -> bool:
    """Whether a folder is named as people name parts of their own work: src, v2, old, hw1."""
    words = _words(name)
    if not words:
        return len(name) <= _SHORT
    return (_PART | _ASSIGNMENT).issuperset(words) or is_of_assignment(name)


def is_alike(name: str, file: str) -> bool:
    """Whether a file's name is that of the file that is asked for, however it is spelt."""
    return _plain(stem(name)) == _plain(stem(file))


def _plain(text: str) -> str:
    return re.sub(r"\(\d+\)$|copy of |[^a-z0-9]", "", text.lower())
