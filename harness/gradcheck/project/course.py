"""The files of a new course: what is in them, and how they come to lie in a folder."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gradcheck.errors import UsageError
from gradcheck.project.configuration import nearest_table
from gradcheck.project.settings import SPECS, SUBMISSIONS, missing, settings

STUDENT, REFERENCE = "student", "reference"
"""The folders of what students begin with, among the submissions, and of the right solution."""

INI = f"""\
[pytest]
testpaths = specs
{SPECS} = specs
{SUBMISSIONS} = submissions
"""

WORKFLOW = """\
# Checks every push. pip installs PyTorch with several GB of CUDA; to avoid that, install its CPU build first,
# with the command from PyTorch's install page.
name: gradients
on: [push]
jobs:
  check:
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with: {{python-version: "3.12"}}
      - uses: actions/cache@v4
        with:
          path: ~/.cache/gradcheck
          key: gradcheck-${{{{ hashFiles('specs/**') }}}}
      - run: pip install gradcheck=={version}
      - run: pytest --junitxml=report.xml
      - uses: actions/upload-artifact@v4
        if: always()
        with: {{name: report, path: report.xml}}
"""

README = """\
# {title}

1. Install Python 3.11 or newer, then `pip install gradcheck`.
2. Read the question: `gradcheck spec show {spec}` prints the network, the loss, and what is asked for.
   Then open `{stub}` and write your derivation; its docstring has all shapes.
3. Check it: `gradcheck {student}`. The report begins with the first gradient that is wrong.
4. Or have it checked at every save: `gradcheck {student} --watch`.
5. `pytest` runs the same checks, one test per gradient; so does a push, under *Actions*.

Don't change `specs/`: it is the question.
"""


@dataclass(frozen=True)
class File:
    """A file to be written."""

    text: str
    about: str


def exercise_files(name: str, stem: str, spec: str, code: tuple[str, str], folder: str) -> dict[str, File]:
    """Path in the course -> file, of one exercise.

    `stem` is what the students' file is called, `code` is their file and the solution, `folder` that of the
    submissions.
    """
    stub, reference = code
    return {
        f"specs/{name}.yaml": File(spec, "the question"),
        stub_path(stem, folder): File(stub, "starter code for students"),
        f"{REFERENCE}/{stem}.py": File(reference, "a right solution: don't give it to students"),
    }


def course_files(name: str, title: str, version: str) -> dict[str, File]:
    """Those of the course around it."""
    stub, spec = stub_path(name, "submissions"), f"specs/{name}.yaml"
    readme = README.format(title=title, stub=stub, spec=spec, student=STUDENT)
    return {
        "pytest.ini": File(INI, "where pytest and gradcheck find specs and submissions"),
        ".github/workflows/gradcheck.yml": File(WORKFLOW.format(version=version), "checks every push"),
        "README.md": File(readme, "for students"),
    }


def stub_path(name: str, folder: str) -> str:
    """Where students write."""
    return f"{folder}/{STUDENT}/{name}.py"


def submissions_of(folder: Path) -> str | None:
    """The folder of submissions of the course that there is already, as seen from it; None of a new one.

    Raises UsageError where pytest is configured there otherwise: a second file would hide the first.
    """
    table = nearest_table(folder)
    there = settings(folder)
    if table is None or there is None or not table.there or table.file.parent != folder:
        return None
    if folder / "specs" not in there.specs:
        raise UsageError(f"{table.file} configures pytest already: {missing(folder)}\n\nthen run this again")
    with contextlib.suppress(ValueError):
        return PurePosixPath(there.submissions.relative_to(folder)).as_posix()
    raise UsageError(f"{table.file}: {SUBMISSIONS} is outside {folder}; make the exercise elsewhere")


def write(folder: Path, files: Mapping[str, File]) -> None:
    """Write all of them, or none: UsageError where some are there already, or where one can't be written."""
    refuse_overwriting(folder, files)
    written: list[Path] = []
    try:
        for name, file in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as stream:
                written.append(path)
                stream.write(file.text)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        place = error.filename or folder
        raise UsageError(f"{place}: {error.strerror or error}; nothing is written") from None


def refuse_overwriting(folder: Path, files: Mapping[str, File]) -> None:
    """Raise UsageError where some of the files are there already, naming them."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is not a folder; name another one")
    there = [name for name in files if (folder / name).exists() or (folder / name).is_symlink()]
    if there:
        verb = "exists" if len(there) == 1 else "exist"
        raise UsageError(
            f"{', '.join(there)} {verb} already in {folder}, and nothing is overwritten: "
            "choose another --name or folder, or remove the old files"
        )
