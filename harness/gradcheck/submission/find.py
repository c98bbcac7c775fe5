"""Finding submissions in a folder, and reading a student's file."""

from __future__ import annotations

import io
import os
import stat
import tokenize
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from gradcheck.boundary import InternalError, attempt
from gradcheck.errors import MissingError, SubmissionError
from gradcheck.submission.paths import is_inside
from gradcheck.submission.refusal import refuse_links, refuse_twins
from gradcheck.submission.text import size

MAX_SOURCE = 1 << 20
PAPER = (".tex", ".md", ".txt")
"""How files of formulas end."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in: the file NAME.py, a file of formulas, or the folder NAME/."""

    name: str
    path: Path
    refused: str = ""
    """Why it is not looked at; empty for one that is."""
    error: InternalError | None = None
    """What went wrong in gradcheck when it was found."""

    @cached_property
    def resolved(self) -> Path:
        """The path without any link."""
        return self.path.resolve()

    def answers(self, file: str, *, formula: bool) -> bool:
        """Whether there is anything for a spec that asks for `file`, or takes formulas in its place.

        Of one that is refused there is something to say for every spec.
        """
        if self.refused:
            return True
        if self.path.suffix in PAPER and self.path.is_file():
            return formula
        return self.path.is_file() or (self.path / file).exists() or bool(formula and self.paper(file))

    def paper(self, file: str) -> Path | None:
        """The formulas in the place of the code `file`; None where there is code, or neither."""
        if not self.path.is_dir():
            return self.path if self.path.suffix in PAPER else None
        if (self.path / file).exists():
            return None
        sheets = (self.path / f"{file.removesuffix('.py')}{suffix}" for suffix in PAPER)
        return next((sheet for sheet in sheets if sheet.exists()), None)


def submissions(folder: Path, *, formula: bool = False) -> list[Submission]:
    """All submissions in a folder, sorted by name; files of formulas only where those are taken.

    What shares its name with another, and a link that leads to another's, is there with why it is refused;
    the former under the whole name of its file or folder. Raises SubmissionError where there is no such
    folder.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        reason = error.strerror or "it can't be read"
        raise SubmissionError(
            f"{folder}: {reason}; make it, and put one file NAME.py or folder NAME/ a student into it"
        ) from None
    looked_at = [(path, attempt("find", partial(_found, path, formula=formula))) for path in entries]
    found = [
        Submission(path.name, path, error=one) if isinstance(one, InternalError) else one
        for path, one in looked_at
        if one is not None
    ]
    return sorted(refuse_links(refuse_twins(found)), key=lambda submission: submission.name)


def _found(path: Path, *, formula: bool) -> Submission | None:
    return _submission(path) if _counts(path, formula=formula) else None


def _submission(path: Path) -> Submission:
    return Submission(path.name if os.path.isdir(path) else path.stem, path)  # noqa: PTH112 (raises nothing)


def at(path: Path) -> Submission:
    """The submission at a path, wherever it lies: a Python file or a folder. Raises SubmissionError."""
    if path.is_dir():
        return Submission(path.resolve().name, path)
    if not path.is_file():
        raise SubmissionError(f"{path}: there is no such file or folder")
    if path.suffix != ".py" and path.suffix not in PAPER:
        raise SubmissionError(
            f"{path}: is not a Python file; a submission is a file NAME.py, or NAME.tex, .md or .txt with "
            "formulas, or a folder"
        )
    return Submission(path.stem, path)


def find(folder: Path, name: str) -> Submission:
    """The submission called `name` in a folder, or the one at the path `name`, such as work/anna.py.

    Raises SubmissionError where there is none, or more than one.
    """
    path = Path(name)
    if path.parent != Path() or (path.suffix in (".py", *PAPER) and path.is_file()):
        return at(path)
    there = submissions(folder, formula=True)
    wanted = name.removesuffix(".py")
    matches = [one for one in there if wanted in (one.name, _submission(one.path).name)]
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
    submission NAME/ it is NAME/`file`. Raises SubmissionError for anything but a readable Python file.
    """
    path = submission.path
    if not path.is_dir():
        shown = _shown(path)
        return _read(path, path.parent.resolve(), shown), shown, None
    path, folder = path / file, submission.resolved
    shown = _shown(path)
    return _read(path, folder, shown), shown, str(folder)


def formulas(path: Path) -> tuple[str, str]:
    """The text of a file of formulas, and its name as reports show it. Raises SubmissionError."""
    shown = _shown(path)
    return _read(path, path.parent.resolve(), shown), shown


def _counts(path: Path, *, formula: bool) -> bool:
    if path.name.startswith((".", "__")):
        return False
    paper = formula and path.suffix in PAPER and not path.stem.upper().startswith("README")
    if os.path.isdir(path) or path.suffix == ".py" or paper:  # noqa: PTH112 (raises nothing)
        return True
    return path.is_symlink() and not path.suffix and not os.path.exists(path)  # noqa: PTH110 (raises nothing)


def _unknown(folder: Path, name: str, names: list[str]) -> str:
    import difflib

    if not names:
        return f"{name}: there are no submissions in {folder}"
    close = difflib.get_close_matches(name, names, n=1)
    guess = f" Did you mean {close[0]}?" if close else ""
    return f"{name}: no such submission in {folder}.{guess} There are: {', '.join(names)}"


def _shown(path: Path) -> str:
    """The path as seen from the current folder, if it lies there."""
    # As texts: Path.resolve() would follow links, and a class has ten thousand of these.
    absolute, here = os.path.abspath(path), os.path.join(os.getcwd(), "")  # noqa: PTH100, PTH109, PTH118
    inner = absolute.removeprefix(here)
    return inner.replace(os.sep, "/") if inner != absolute else path.as_posix()


def _read(path: Path, within: Path, shown: str) -> str:
    """The text of a file that lies, links followed, in the folder `within`."""
    try:
        real = os.path.realpath(path, strict=True)
        if not is_inside(real, str(within)):
            raise SubmissionError(f"{shown}: lies outside {_shown(within)}; copy the file itself into it")
        return _decode(_read_regular_file(path, shown), shown)
    except FileNotFoundError:
        raise MissingError(f"{shown}: there is no such file; the spec asks for it") from None
    except OSError as error:
        raise SubmissionError(f"{shown}: can't be read: {error.strerror or error}") from None


def _read_regular_file(path: Path, shown: str) -> bytes:
    # Opening a FIFO would wait for its other end.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SubmissionError(f"{shown}: is not a regular file")
        data = file.read(MAX_SOURCE + 1)
    if len(data) > MAX_SOURCE:
        raise SubmissionError(f"{shown}: is larger than {size(MAX_SOURCE)}; hand in the code alone")
    return data


def _decode(data: bytes, shown: str) -> str:
    """Python's own reading of a source file: a byte order mark, a coding comment, else UTF-8."""
    encoding = "UTF-8"
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SubmissionError(f"{shown}:{line}: is not {encoding} text; save the file as UTF-8") from None
    except (SyntaxError, LookupError) as error:
        raise SubmissionError(f"{shown}: {error}; save the file as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
