"""Finding submissions in a folder, and reading a student's file."""

from __future__ import annotations

import codecs
import os
import re
import stat
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from gradcheck.boundary import InternalError, attempt
from gradcheck.errors import MissingError, SubmissionError
from gradcheck.spelling import near, nearest
from gradcheck.submission.cells import SUFFIX as NOTEBOOK
from gradcheck.submission.misnamed import likely
from gradcheck.submission.notebook import MAX_NOTEBOOK
from gradcheck.submission.notebook import code as code_of
from gradcheck.submission.paths import is_inside
from gradcheck.submission.refusal import refuse_links, refuse_same_names
from gradcheck.submission.text import is_printable, one_line, size

MAX_SOURCE = 1 << 20
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
"""As PEP 263 has it."""
_BLANK = re.compile(rb"[ \t\f]*(?:[#\r\n]|$)")
_DECLARED = {
    **dict.fromkeys(("utf-8", "utf8", "u8", "utf", "utf-8-sig", "ascii", "us-ascii"), "utf-8"),
    **dict.fromkeys(("latin-1", "latin1", "l1", "iso-8859-1", "iso8859-1", "8859"), "latin-1"),
    **dict.fromkeys(("cp1252", "cp-1252", "windows-1252", "1252"), "cp1252"),
}
"""What a file may declare its text to be; codecs that do more than decode are not asked."""
PAPER = (".tex", ".md", ".txt")
"""How files of formulas end."""
_MOST_NAMED = 20
"""How many names a message lists."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in: the file NAME.py or NAME.ipynb, a file of formulas, or the folder NAME/."""

    name: str
    path: Path
    refused: str = ""
    """Why it is not looked at; empty for one that is."""
    error: InternalError | None = None
    """What went wrong in gradcheck when it was found."""

    @cached_property
    def resolved(self) -> Path:
        """The path without any link."""
        return Path(os.path.realpath(self.path))  # links in a circle stay as they are

    def answers(self, file: str, *, formula: bool) -> bool:
        """Whether there is anything for a spec that asks for `file`, or takes formulas in its place.

        Of one that is refused there is something to say for every spec.
        """
        if self.refused:
            return True
        if self.path.suffix in PAPER and self.path.is_file():
            return formula
        return self.path.is_file() or bool(self.codes(file)) or bool(formula and self.paper(file))

    def paper(self, file: str) -> Path | None:
        """The formulas in the place of the code `file`; None where there is code, or neither."""
        if not self.path.is_dir():
            return self.path if self.path.suffix in PAPER else None
        if self.codes(file):
            return None
        sheets = (self.path / f"{file.removesuffix('.py')}{suffix}" for suffix in PAPER)
        return next((sheet for sheet in sheets if sheet.exists()), None)

    def codes(self, file: str) -> list[Path]:
        """What may be the code `file` of a folder: that, a notebook of it, or all that is called alike."""
        code = self.path / file
        there = [path for path in (code, code.with_suffix(NOTEBOOK)) if os.path.lexists(path)][:1]
        if not there and file not in self._likely:
            self._likely[file] = likely(self.path, file)
        return there or self._likely[file]

    @cached_property
    def _likely(self) -> dict[str, list[Path]]:
        """File -> what may be meant by it: the folder is searched once."""
        return {}

    def misnamed(self, file: str) -> str:
        """What is said of code that is called otherwise than `file`; empty where it is called so."""
        inner = self.inner(file)
        if inner in (file, str(Path(file).with_suffix(NOTEBOOK))):
            return ""
        return f"{one_line(inner)} is taken for {file}"

    def inner(self, file: str) -> str:
        """The path inside the folder of the code that is taken for `file`."""
        codes = self.codes(file) if self.path.is_dir() else []
        return codes[0].relative_to(self.path).as_posix() if len(codes) == 1 else file


def submissions(folder: Path, *, formula: bool = False) -> list[Submission]:
    """All submissions in a folder, sorted by name; files of formulas only where those are taken.

    A notebook counts where nothing else has its name. What shares its
    name with another, and a link that leads to another's, is there with why it is refused; the former under
    the whole name of its file or folder. Raises SubmissionError where there is no such folder.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise SubmissionError(_no_folder(folder, error.strerror or "it can't be read")) from None
    looked_at = [(path, attempt("find", partial(_at_path, path, formula=formula))) for path in entries]
    there = [
        Submission(printable(path.name), path, error=one) if isinstance(one, InternalError) else one
        for path, one in looked_at
        if one is not None
    ]
    legible = {one.name for one in there if one.path.suffix != NOTEBOOK}
    counted = [one for one in there if one.path.suffix != NOTEBOOK or one.name not in legible]
    return sorted(refuse_links(refuse_same_names(counted)), key=lambda submission: submission.name)


def printable(name: str) -> str:
    """The name with what can't be printed or stored, such as a line break or a lone surrogate, escaped."""
    if name.isprintable():
        return name
    return "".join(c if is_printable(c) else ascii(c)[1:-1] for c in name)


def _at_path(path: Path, *, formula: bool) -> Submission | None:
    return _submission(path) if _counts(path, formula=formula) else None


def _submission(path: Path) -> Submission:
    name = path.name if os.path.isdir(path) else path.stem  # noqa: PTH112 (raises nothing)
    return Submission(printable(name), path)


def at(path: Path) -> Submission:
    """The submission at a path, wherever it lies: a file or a folder. Raises SubmissionError."""
    if path.is_dir():
        return Submission(path.resolve().name, path)
    if not path.is_file():
        raise SubmissionError(f"{path}: there is no such file or folder. {_near(path)}")
    if path.suffix not in (".py", NOTEBOOK, *PAPER):
        raise SubmissionError(
            f"{path}: is not a Python file; a submission is a file NAME.py or NAME.ipynb, or NAME.tex, .md "
            "or .txt with formulas, or a folder"
        )
    return Submission(path.stem, path)


def find(folder: Path, name: str) -> Submission:
    """The submission called `name`: one of the folder, or what lies at that path, or here under that name.

    Raises SubmissionError where there is none, or more than one.
    """
    path = Path(name)
    plain = path.name if str(path) == path.name else name  # NAME/ is the folder NAME
    is_path = "/" in plain or os.sep in plain or (plain != name and path.exists())
    if is_path or (path.suffix in (".py", NOTEBOOK, *PAPER) and path.is_file()):
        return at(_here(path) or path)
    there = submissions(folder, formula=True) if folder.is_dir() else []
    wanted = plain.removesuffix(".py")
    matches = [one for one in there if wanted in (one.name, _submission(one.path).name, one.path.name)]
    if not matches and (here := _here(path)):
        return at(here)
    if not matches:
        raise SubmissionError(_unknown(folder, wanted, [submission.name for submission in there]))
    code = [one for one in matches if one.path.suffix not in PAPER]
    if len(matches) > 1 and len(code) == 1:  # code comes before formulas
        return _submission(code[0].path)
    if matches[0].refused:
        raise SubmissionError(matches[0].refused)
    return matches[0]


def source(submission: Submission, file: str) -> tuple[str, str, str | None]:
    """The text of a submission's code, its name as reports show it, and the folder that its imports look in.

    A submission NAME.py is its own code, whatever the spec calls the file, and has no such folder; of a
    submission NAME/ it is NAME/`file`, or the notebook of that name, or the only file that is called alike.
    Raises SubmissionError for anything but a readable Python file or notebook.
    """
    path = submission.path
    if not path.is_dir():
        shown = _shown(path)
        return _code(path, path.parent.resolve(), shown), shown, None
    codes = submission.codes(file)
    if len(codes) != 1:
        missing = f"{_shown(path / file)}: there is no such file; the spec asks for it."
        which = " or ".join(one_line(code.relative_to(path).as_posix()) for code in codes[:_MOST_NAMED])
        advice = f"Is it {which}? Rename it." if codes else _near(path / file)
        raise MissingError(f"{missing} {advice}")
    shown, folder = _shown(codes[0]), submission.resolved
    return _code(codes[0], folder, shown), shown, str(folder)


def _code(path: Path, within: Path, shown: str) -> str:
    """The code of a Python file or of a notebook."""
    if path.suffix != NOTEBOOK:
        return _read(path, within, shown)
    text = code_of(_read(path, within, shown, MAX_NOTEBOOK), shown)
    if len(text) > MAX_SOURCE:
        raise SubmissionError(_too_large(shown, MAX_SOURCE))
    return text


def formulas(path: Path) -> tuple[str, str]:
    """The text of a file of formulas, and its name as reports show it. Raises SubmissionError."""
    shown = _shown(path)
    return _read(path, path.parent.resolve(), shown), shown


def _here(path: Path) -> Path | None:
    """What lies at the path, with or without the ending of a file."""
    if path.exists() or not path.name:
        return path
    candidates = (path.with_name(f"{path.name}{suffix}") for suffix in (".py", NOTEBOOK, *PAPER))
    return next((candidate for candidate in candidates if candidate.exists()), None)


def _near(path: Path) -> str:
    """What is called alike beside a path that leads nowhere, or else all that lies there."""
    try:
        names = sorted(name for name in os.listdir(path.parent) if not name.startswith((".", "__")))  # noqa: PTH208
    except OSError:
        return f"There is no folder {_shown(path.parent)}."
    stems = {name.rpartition(".")[0] or name: name for name in names}
    close = [stems[stem] for stem in near(path.stem, stems, 3)]
    if close:
        return f"Did you mean {one_line(' or '.join(close))}?"
    return (
        f"There are: {_listed(names)}" if names else f"There is nothing to be seen in {_shown(path.parent)}."
    )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return one_line(", ".join(names[:_MOST_NAMED])) + more


def _counts(path: Path, *, formula: bool) -> bool:
    if path.name.startswith((".", "__")):
        return False
    paper = formula and path.suffix in PAPER and not path.stem.upper().startswith("README")
    if os.path.isdir(path) or path.suffix in (".py", NOTEBOOK) or paper:  # noqa: PTH112 (raises nothing)
        return True
    return path.is_symlink() and not path.suffix and not os.path.exists(path)  # noqa: PTH110 (raises nothing)


def _no_folder(folder: Path, reason: str) -> str:
    return f"{folder}: {reason}; make it, and put one file NAME.py or folder NAME/ a student into it"


def _unknown(folder: Path, name: str, names: list[str]) -> str:
    if not folder.is_dir():
        missing = _no_folder(folder, "No such file or directory")
        return f"{name}: there is nothing called so here. {_near(Path(name))} {missing}"
    if not names:
        return f"{name}: there are no submissions in {folder}"
    close = nearest(name, names)
    guess = f" Did you mean {close}?" if close else ""
    return f"{name}: no such submission in {folder}.{guess} There are: {_listed(names)}"


def _shown(path: Path) -> str:
    """The path as seen from the current folder, if it lies there."""
    # As texts: Path.resolve() would follow links, and a class has ten thousand of these.
    absolute, here = os.path.abspath(path), os.path.join(os.getcwd(), "")  # noqa: PTH100, PTH109, PTH118
    inner = absolute.removeprefix(here)
    return inner.replace(os.sep, "/") if inner != absolute else path.as_posix()


def _read(path: Path, within: Path, shown: str, most: int = MAX_SOURCE) -> str:
    """The text of a file that lies, links followed, in the folder `within`."""
    try:
        real = os.path.realpath(path, strict=True)
        if not is_inside(real, str(within)):
            raise SubmissionError(f"{shown}: lies outside {_shown(within)}; copy the file itself into it")
        return _decode(_read_regular_file(path, shown, most), shown)
    except FileNotFoundError:
        raise MissingError(f"{shown}: there is no such file; the spec asks for it") from None
    except OSError as error:
        raise SubmissionError(f"{shown}: can't be read: {error.strerror or error}") from None


def _read_regular_file(path: Path, shown: str, most: int) -> bytes:
    # Opening a FIFO would wait for its other end.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SubmissionError(f"{shown}: is not a regular file")
        data = file.read(most + 1)
    if len(data) > most:
        raise SubmissionError(_too_large(shown, most))
    return data


def _too_large(shown: str, most: int) -> str:
    return f"{shown}: is larger than {size(most)}; hand in the code alone"


def _decode(data: bytes, shown: str) -> str:
    """The text: UTF-8, or UTF-16 with a mark; what declares nothing and is no UTF-8 is taken for CP1252.

    A comment may declare UTF-8, Latin-1 or CP1252, as Python knows it. Raises SubmissionError for any other.
    """
    mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
    encoding = _MARKS[mark] if mark else _declared(data, shown)
    try:
        text = data[len(mark) :].decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding is not None:
            line = data.count(b"\n", 0, error.start) + 1
            raise SubmissionError(f"{shown}:{line}: is not {encoding} text; save the file as UTF-8") from None
        text = data.decode("cp1252", "replace")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SubmissionError(f"{shown}:{line}: holds a NUL character; save the file as UTF-8 text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _declared(data: bytes, shown: str) -> str | None:
    """The encoding that one of the first two lines declares (PEP 263). Raises SubmissionError."""
    for line in data.split(b"\n", 2)[:2]:
        if match := _COOKIE.match(line):
            name = match[1].decode("ascii", "replace")
            if (encoding := _DECLARED.get(name.lower().replace("_", "-"))) is None:
                raise SubmissionError(
                    f"{shown}: declares the encoding {one_line(name, 40)!r}, which is not read here; "
                    "save the file as UTF-8"
                )
            return encoding
        if not _BLANK.match(line):
            break
    return None
