"""Finding submissions in a folder, and the file of one that a spec asks for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from gradcheck.boundary import InternalError, attempt
from gradcheck.errors import MissingError, SubmissionError
from gradcheck.spelling import near, nearest
from gradcheck.submission.choice import NO_FILE, Choice, choose
from gradcheck.submission.definers import is_code
from gradcheck.submission.kinds import NOTEBOOK, PYTHON, kind, stem
from gradcheck.submission.read import code_at, code_or_nothing, shown_path, text_at
from gradcheck.submission.refusal import refuse_links, refuse_same_names
from gradcheck.submission.text import is_printable, one_line
from gradcheck.submission.wanted import Wanted

PAPER = (".tex", ".md", ".txt")
"""How files of formulas end."""
_MOST_READ = 32 << 20
"""Bytes that are read of a folder to choose a file."""
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

    def answers(self, wanted: Wanted) -> bool:
        """Whether there is anything for a spec that asks so.

        Of one that is refused there is something to say for every spec.
        """
        if self.refused:
            return True
        if self.path.is_file():
            return wanted.formula or not _is_paper(self.path)
        return bool(self.codes(wanted)) or bool(wanted.formula and self.paper(wanted))

    def paper(self, wanted: Wanted) -> Path | None:
        """The formulas in the place of the code that is wanted; None where there is code, or neither."""
        if not self.path.is_dir():
            return self.path if _is_paper(self.path) else None
        return None if self.codes(wanted) else self._sheet(wanted)

    def codes(self, wanted: Wanted) -> tuple[Path, ...]:
        """What may be the code of a folder: the file itself, a notebook of it, or what is chosen else.

        Formulas of the right name come before code of a wholly different one.
        """
        code = self.path / wanted.file
        there = [path for path in (code, code.with_suffix(NOTEBOOK)) if os.path.lexists(path)]
        if there:
            return tuple(there[:1])
        choice = self._chosen(wanted)
        return () if wanted.formula and not choice.is_alike and self._sheet(wanted) else choice.files

    def _sheet(self, wanted: Wanted) -> Path | None:
        """The formulas in a folder."""
        sheets = (self.path / f"{wanted.file.removesuffix('.py')}{suffix}" for suffix in PAPER)
        return next((sheet for sheet in sheets if sheet.exists()), None)

    def _chosen(self, wanted: Wanted) -> Choice:
        if wanted not in self._choices:
            self._choices[wanted] = choose(self.path, wanted, self._text)
        return self._choices[wanted]

    @cached_property
    def _choices(self) -> dict[Wanted, Choice]:
        """What was chosen: the folder is searched once for each spec."""
        return {}

    def _text(self, path: Path) -> str:
        """The code of a file; empty where it can't be read, and once much has been read."""
        if path not in self._texts:
            is_affordable = sum(one.lstat().st_size for one in self._texts) < _MOST_READ
            self._texts[path] = code_or_nothing(path) if is_affordable else ""
        return self._texts[path]

    @cached_property
    def _texts(self) -> dict[Path, str]:
        """What was read to choose a file."""
        return {}

    def reason(self, wanted: Wanted) -> str:
        """Why none of a folder's files may be meant, beyond its name; empty where there is no more to say."""
        return self._chosen(wanted).reason

    def misnamed(self, wanted: Wanted) -> str:
        """A note on code that is called otherwise than it is asked for; empty where it is called so."""
        inner = self.inner(wanted)
        if inner in (wanted.file, str(Path(wanted.file).with_suffix(NOTEBOOK))):
            return ""
        return f"{one_line(inner)} is taken for {wanted.file}"

    def inner(self, wanted: Wanted) -> str:
        """The path inside the folder of the code that is taken."""
        codes = self.codes(wanted) if self.path.is_dir() else ()
        return codes[0].relative_to(self.path).as_posix() if len(codes) == 1 else wanted.file


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
    legible = {one.name for one in there if kind(one.path.name) != NOTEBOOK}
    counted = [one for one in there if kind(one.path.name) != NOTEBOOK or one.name not in legible]
    return sorted(refuse_links(refuse_same_names(counted)), key=lambda submission: submission.name)


def printable(name: str) -> str:
    """The name with what can't be printed or stored, such as a line break or a lone surrogate, escaped."""
    if name.isprintable():
        return name
    return "".join(c if is_printable(c) else ascii(c)[1:-1] for c in name)


def _at_path(path: Path, *, formula: bool) -> Submission | None:
    return _submission(path) if _counts(path, formula=formula) else None


def _submission(path: Path) -> Submission:
    name = path.name if os.path.isdir(path) else stem(path.name)  # noqa: PTH112 (raises nothing)
    return Submission(printable(name), path)


def at(path: Path) -> Submission:
    """The submission at a path, wherever it lies: a file or a folder. Raises SubmissionError."""
    if path.is_dir():
        return Submission(path.resolve().name, path)
    if not path.is_file():
        raise SubmissionError(f"{path}: there is no such file or folder. {_near(path)}")
    if not _may_be_submission(path):
        raise SubmissionError(
            f"{path}: is not a Python file; a submission is a file NAME.py or NAME.ipynb, or NAME.tex, .md "
            "or .txt with formulas, or a folder"
        )
    return Submission(stem(path.name), path)


def find(folder: Path, name: str) -> Submission:
    """The submission called `name`: one of the folder, or what lies at that path, or here under that name.

    Raises SubmissionError where there is none, or more than one.
    """
    path = Path(name)
    plain = path.name if str(path) == path.name else name  # NAME/ is the folder NAME
    is_path = "/" in plain or os.sep in plain or (plain != name and path.exists())
    if is_path or (_may_be_submission(path) and path.is_file()):
        return at(_here(path) or path)
    there = submissions(folder, formula=True) if folder.is_dir() else []
    wanted = stem(plain) if kind(plain) == PYTHON else plain
    matches = [one for one in there if wanted in (one.name, _submission(one.path).name, one.path.name)]
    if not matches and (here := _here(path)):
        return at(here)
    if not matches:
        raise SubmissionError(_unknown(folder, wanted, [submission.name for submission in there]))
    code = [one for one in matches if not _is_paper(one.path)]
    if len(matches) > 1 and len(code) == 1:  # code comes before formulas
        return _submission(code[0].path)
    if matches[0].refused:
        raise SubmissionError(matches[0].refused)
    return matches[0]


def source(submission: Submission, wanted: Wanted) -> tuple[str, str, str | None]:
    """The text of a submission's code, its name as reports show it, and the folder that its imports look in.

    A submission NAME.py is its own code, whatever the spec calls the file, and has no such folder; of a
    submission NAME/ it is the file that is wanted, the notebook of that name, or the only one that can be
    meant. Raises SubmissionError for anything but a readable Python file or notebook.
    """
    path = submission.path
    if not path.is_dir():
        shown = shown_path(path)
        return code_at(path, path.parent.resolve(), shown), shown, None
    codes = submission.codes(wanted)
    if len(codes) != 1:
        raise _missing(submission, wanted, codes)
    shown, folder = shown_path(codes[0]), submission.resolved
    return code_at(codes[0], folder, shown), shown, str(folder)


def _missing(submission: Submission, wanted: Wanted, codes: Sequence[Path]) -> MissingError:
    """Why no file of a folder is taken, and what to do."""
    path = submission.path / wanted.file
    missing = f"{shown_path(path)}: there is no such file; the spec asks for it."
    if codes:
        names = [one_line(code.relative_to(submission.path).as_posix()) for code in codes[:_MOST_NAMED]]
        return MissingError(f"{missing} Is it {' or '.join(names)}? Rename it.")
    reason = submission.reason(wanted)
    there = "" if reason and not reason.startswith(NO_FILE) else _near(path)
    return MissingError(" ".join(filter(None, [missing, reason, there])))


def formulas(path: Path) -> tuple[str, str]:
    """The text of a file of formulas, and its name as reports show it. Raises SubmissionError."""
    shown = shown_path(path)
    return text_at(path, path.parent.resolve(), shown), shown


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
        return f"There is no folder {shown_path(path.parent)}."
    stems = {name.rpartition(".")[0] or name: name for name in names}
    close = [stems[stem] for stem in near(path.stem, stems, 3)]
    if close:
        return f"Did you mean {one_line(' or '.join(close))}?"
    nothing = f"There is nothing to be seen in {shown_path(path.parent)}."
    return f"There are: {_listed(names)}" if names else nothing


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return one_line(", ".join(names[:_MOST_NAMED])) + more


def _counts(path: Path, *, formula: bool) -> bool:
    if path.name.startswith((".", "__")):
        return False
    if os.path.isdir(path) or kind(path.name):  # noqa: PTH112 (raises nothing)
        return True
    if path.suffix in PAPER and not path.stem.upper().startswith("README"):
        return formula or not _is_paper(path)
    return path.is_symlink() and not path.suffix and not os.path.exists(path)  # noqa: PTH110 (raises nothing)


def _may_be_submission(path: Path) -> bool:
    return bool(kind(path.name)) or path.suffix in PAPER


def _is_paper(path: Path) -> bool:
    """Whether it is a file of formulas, and not code that a browser has named .txt."""
    if kind(path.name) or path.suffix not in PAPER:
        return False
    return path.suffix != ".txt" or not is_code(code_or_nothing(path))


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
