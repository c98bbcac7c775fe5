"""Where the submissions of a class lie in a folder: at its top, or in the one folder that holds the class.

A folder is one submission if it has the file that is asked for, or files that import each other. It holds a
class if it is named so, if several folders are in it that are no parts of one work, or files that define the
same function.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gradcheck.errors import UsageError
from gradcheck.grading.intake import names
from gradcheck.grading.intake.evidence import define_the_same, import_each_other, is_asked
from gradcheck.grading.intake.layouts import recognised
from gradcheck.grading.intake.records import Reading
from gradcheck.grading.intake.strays import Content, content
from gradcheck.submission.text import one_line

_INIT = "__init__.py"


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What of a folder is whose."""

    folder: Path
    """The folder of the class, or of the submission."""
    system: str = ""
    """Whose names the files have; empty where they are no system's."""
    reading: Reading | None = None
    """What these names say."""
    entries: tuple[Path, ...] = ()
    """Without a system: a file or folder a submission, and what else lies beside them."""
    is_submission: bool = False
    """Whether the folder is no class, but one submission."""
    left_out: tuple[str, ...] = ()
    """What lies beside the folder of the class."""


def layout(folder: Path, name: str, *, files: Collection[str] = (), assignment: str = "") -> Layout:
    """The class in a folder, or in the zip of that name that was unpacked into it.

    `files` are those that specs ask for, `assignment` is the one that is meant, where there may be several.
    Raises UsageError where a system's folder can't be read, or there are several assignments.
    """
    return _Search(files, assignment).layout(folder, name)


@dataclass(frozen=True)
class _Search:
    files: Collection[str]
    assignment: str
    contents: dict[Path, Content] = field(default_factory=dict)
    """Of the folders that were looked at."""

    def _content(self, folder: Path) -> Content:
        if folder not in self.contents:
            self.contents[folder] = content(folder)
        return self.contents[folder]

    def _is_systems(self, folder: Path) -> bool:
        return recognised(folder, self._content(folder).paths, self.assignment) is not None

    def layout(self, folder: Path, name: str) -> Layout:
        there = self._content(folder)
        if (recognition := recognised(folder, there.paths, self.assignment)) is not None:
            return Layout(folder=folder, system=recognition[0], reading=recognition[1])
        work = there.work
        if self._is_whole(work):
            return Layout(folder=folder, is_submission=True)
        if inner := self._inner(there, name):
            found = self.layout(inner, inner.name)
            beside = tuple(path.name for path in there.paths if path != inner)
            return Layout(**{**vars(found), "left_out": (*beside, *found.left_out)})
        self._check_assignments(folder, there)
        entries = tuple(self._entries(there))
        holders = {
            holder for parent in {path.parent for path in entries} for holder in (parent, *parent.parents)
        }
        known = holders.union(entries)
        left_out = [path.name for path in there.paths if path not in known]
        return Layout(folder=folder, entries=entries, left_out=tuple(left_out))

    def _is_whole(self, work: Sequence[Path]) -> bool:
        """Whether files are one submission: several that are asked for, or one that imports the others."""
        asked = [path for path in work if is_asked(path, self.files)]
        several = sum(any(is_asked(path, [file]) for path in asked) for file in self.files) > 1
        return several or import_each_other(work, asked)

    def _inner(self, there: Content, name: str) -> Path | None:
        """The folder that holds the class, if one does that is alone, or is named so and by a system."""
        folders = [path for path in there.work if path in there.folders]
        if len(there.work) == 1 and folders and self._is_class(folders[0], name):
            return folders[0]
        named = [path for path in folders if names.is_of_class(path.name)]
        by_system = [path for path in named if self._is_systems(path)]
        return by_system[0] if len(by_system) == 1 else None

    def _is_class(self, folder: Path, outer: str, *, is_nested: bool = False) -> bool:
        """Whether the folder, which lies alone in the one named `outer`, is the class, and no student's.

        `is_nested`: whether `outer` may be a student's, whose assignments are no classes.
        """
        if self._is_systems(folder):
            return True
        there = self._content(folder)
        work = there.work
        code = [path for path in work if path not in there.folders]
        folders = [path for path in work if path in there.folders]
        if any(is_asked(path, self.files) for path in work) or import_each_other(work):
            return names.is_of_class(folder.name) and not self._is_whole(work)
        if names.is_of_class(folder.name) or define_the_same(code):
            return True
        is_of_assignment = names.is_of_assignment(folder.name) and not is_nested
        if code:
            return is_of_assignment
        if len(folders) == 1:
            is_wrapper = is_of_assignment or (folder.name == outer and not is_nested)
            inner = folders[0]
            return self._is_class(inner, folder.name, is_nested=not is_wrapper) or (
                is_wrapper and not names.is_of_part(inner.name)
            )
        return any(not names.is_of_part(path.name) and not (path / _INIT).is_file() for path in folders)

    def _entries(self, there: Content) -> Iterator[Path]:
        """What lies in the folder and, in the place of folders that are named as a class, in these.

        Beside such a folder those in which there is no code are nobody's.
        """
        work = set(there.work)
        classes = {path for path in there.folders & work if self._is_part_of_class(path)}
        for path in there.paths:
            if path in classes:
                yield from self._entries(self._content(path))
            elif path not in there.folders or (path in work and not (classes and self._is_empty(path))):
                yield path

    def _is_part_of_class(self, folder: Path) -> bool:
        """Whether a folder is named as a class, and neither one submission nor empty."""
        if not names.is_of_class(folder.name) or self._is_empty(folder):
            return False
        work = self._content(folder).work
        return not (self._is_whole(work) or any(is_asked(path, self.files) for path in work))

    def _is_empty(self, folder: Path) -> bool:
        return not self._content(folder).work

    def _check_assignments(self, folder: Path, there: Content) -> None:
        """Raises UsageError where each folder is named after an assignment, and holds a class."""
        folders = [path for path in there.work if path in there.folders]
        if len(folders) < 2 or len(folders) < len(there.work):
            return
        if all(names.is_of_assignment(path.name) and self._is_class(path, "") for path in folders):
            listed = ", ".join(one_line(path.name, 40) for path in folders[:10])
            raise UsageError(
                f"{folder}: holds the submissions of several assignments: {listed}; name the folder of one: "
                f"{folders[0]}"
            )
