"""What every export holds: this very package, specs, their answers, and what Python has to have."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import gradcheck
from gradcheck.boundary import InternalError
from gradcheck.formats.exercise import HIDDEN, Exercise
from gradcheck.formats.report_format import Context, Render
from gradcheck.formats.requirements import REQUIRED
from gradcheck.verdict.internal import unjudged

_PACKAGE = Path(gradcheck.__file__).parent
_SUFFIXES = (".py", ".yaml", ".json", ".typed")
_BROKEN_OFF = InternalError("grade", "the run stopped early", "")


def bundle(exercise: Exercise, folder: str = "") -> dict[str, bytes]:
    """All that grading needs besides the packages that it lists, in that folder. No reference is in it."""
    requirements = [*(f"{name}=={version(name)}" for name in REQUIRED), *exercise.packages]
    files = {
        **{f"lib/gradcheck/{name}": content for name, content in _package().items()},
        **exercise.specs,
        **{f"answers/{name}": content for name, content in exercise.answers.items()},
        "requirements.txt": ("\n".join(requirements) + "\n").encode(),
    }
    return {folder + path: content for path, content in files.items()}


def _package() -> dict[str, bytes]:
    paths = sorted(path for path in _PACKAGE.rglob("*") if path.suffix in _SUFFIXES)
    return {path.relative_to(_PACKAGE).as_posix(): path.read_bytes() for path in paths}


def command(exercise: Exercise, *more: str) -> str:
    """The line of a shell, in the folder of the bundle, that grades what `$submission` names.

    `more` are further arguments, as the shell reads them.
    """
    given = ["-m", "gradcheck", '"$submission"', "--sandbox", "--spec specs"]
    given += ["--hidden", HIDDEN.rstrip("/")] if exercise.has_hidden else []
    given += ["--feedback", exercise.feedback] if exercise.feedback else []
    if exercise.hidden_visibility != "visible":
        given += ["--hidden-visibility", exercise.hidden_visibility]
    given += ["--unsafe"] if exercise.unsafe else []
    limit = f"timeout --kill-after=10 {exercise.seconds}"
    return " ".join([limit, '"$python"', *given, *more])


def environment() -> str:
    """Lines of a shell that say where the package and the answers lie: in the current folder."""
    return 'export PYTHONPATH="$PWD/lib" GRADCHECK_CACHE="$PWD/answers" PYTHONDONTWRITEBYTECODE=1'


def ungraded(exercise: Exercise, render: Render) -> str:
    """A report for a run that breaks off: all that is asked, no points, and whose fault it is not."""
    verdicts = [unjudged(key, "submission", _BROKEN_OFF) for key in exercise.keys]
    complaint = (
        f"Grading stopped early, or took more than {exercise.seconds} s. This says nothing about what you "
        "handed in: hand it in again, and tell your instructor if it happens again."
    )
    return render(verdicts, Context(complaints=(complaint,)))


def script(lines: Sequence[str]) -> bytes:
    """A program for bash."""
    return ("\n".join(["#!/usr/bin/env bash", *lines]) + "\n").encode()
