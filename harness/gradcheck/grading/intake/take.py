"""From a folder or an archive to submissions that can be graded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gradcheck.errors import SubmissionError, UsageError
from gradcheck.grading.intake.archive import unpack
from gradcheck.grading.intake.assemble import assemble, is_packed
from gradcheck.grading.intake.bounds import CLASS
from gradcheck.grading.intake.names import described, is_archive, is_code, stem
from gradcheck.grading.intake.records import Reading, Work
from gradcheck.grading.intake.strays import is_nobodys
from gradcheck.grading.intake.students import Layout, layout
from gradcheck.grading.records import Origin
from gradcheck.submission.find import Submission, printable, submissions
from gradcheck.submission.refusal import refuse_links, refuse_same_names
from gradcheck.submission.text import one_line
from gradcheck.submission.tree import remove_tree

_MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class Intake:
    """All submissions, sorted by name, and what is known of them besides."""

    submissions: tuple[Submission, ...]
    origins: tuple[Origin, ...] = ()
    remarks: tuple[str, ...] = ()
    """For whoever grades: what the folder was taken for, what was left out."""


def take(
    path: Path, into: Path, *, assignment: str = "", formula: bool = False, files: Collection[str] = ()
) -> Intake:
    """The submissions of a folder, or of an archive of one, whichever system has named them.

    What has to be unpacked or put together goes into the folder `into`, which is emptied first; all else is
    taken where it lies. Files of formulas count where `formula`; `files` are those that specs ask for. Raises
    SubmissionError where there is no such folder, or an archive that can't be unpacked, and UsageError where
    a system's folder can't be read.
    """
    if path.resolve().is_relative_to(into.resolve()):
        raise UsageError(
            f"{path}: is emptied and filled by every run; give the folder or zip that was unpacked"
        )
    _check_class(path)
    remove_tree(str(into))
    folder, name, remarks = path, path.resolve().name, list[str]()
    if path.is_file():
        folder, name = into / "class", stem(path.name)
        faults = unpack(path, folder, CLASS)
        remarks.append(f"{one_line(path.name)}: unpacked into {into}")
        remarks += [f"{one_line(path.name)}: left out: {_listed(faults)}"] if faults else []
    found = layout(folder, name, files=files, assignment=assignment)
    if found.folder != folder:
        remarks.append(f"{path}: the submissions are those in {found.folder.relative_to(folder)}")
    if found.left_out:
        remarks.append(f"left out, as it lies beside the submissions: {_listed(found.left_out)}")
    if found.reading is not None:
        taken = _by_system(found.folder, found.system, found.reading, into)
    elif found.is_submission:
        whole = Work(
            name=name if found.folder == folder else found.folder.name, key="", paths=(("", found.folder),)
        )
        remarks.append(f"{path}: is one submission, {one_line(whole.name)}: its files belong together")
        taken = Intake(submissions=(assemble(whole, into),))
    else:
        taken = _plain(found, into, formula)
    return replace(taken, remarks=(*remarks, *taken.remarks))


def _check_class(path: Path) -> None:
    """Raises SubmissionError for a file that holds no class."""
    if not path.is_file() or is_archive(path.name):
        return
    if is_code(path.name):
        raise SubmissionError(
            f"{path}: is one submission; check it with: gradcheck {path} --spec SPEC; or name the folder of "
            "the class"
        )
    raise SubmissionError(
        f"{path}: is {described(path.name)}; name a folder of submissions, or a zip or tar file of one"
    )


def _by_system(folder: Path, system: str, reading: Reading, into: Path) -> Intake:
    """As a system's names say."""
    remarks = [f"{folder}: the file names are those of {system}", *reading.remarks]
    if reading.ignored:
        remarks.append(f"left out, as their names are not: {_listed(reading.ignored)}")
    if reading.older:
        remarks.append(f"left out, as there are newer ones by the same students: {_listed(reading.older)}")
    works = _renamed(reading.works)
    return Intake(
        submissions=_sorted(assemble(work, into) for work in works),
        origins=tuple(
            Origin(submission=p.name, system=system, people=p.people, submitted=p.submitted, late=p.late)
            for p in works
        ),
        remarks=tuple(remarks),
    )


def _plain(found: Layout, into: Path, formula: bool) -> Intake:
    """One student a file, a folder or an archive; and whoever has handed in anything else."""
    entries = set(found.entries)
    folders = dict.fromkeys((found.folder, *(path.parent for path in found.entries)))
    listed = [
        one for folder in folders for one in submissions(folder, formula=formula) if one.path in entries
    ]
    counted = {one.path for one in listed}
    rest = [path for path in found.entries if path not in counted and not path.is_dir()]
    packed = [path for path in rest if is_archive(path.name)]
    work = [
        *(_unpacked(one, into) for one in listed),
        *(assemble(Work(name=stem(path.name), key="", paths=((path.name, path),)), into) for path in packed),
    ]
    names = {one.name for one in work} | {printable(stem(path.name)) for path in counted}
    others = [path for path in rest if not is_archive(path.name)]
    beside = {path for path in others if is_nobodys(path) or printable(stem(path.name)) in names}
    documents = _by_document(path for path in others if path not in beside)
    remarks = [f"left out: {_listed(sorted(path.name for path in beside))}"] if beside else []
    return Intake(submissions=_sorted([*work, *documents]), remarks=tuple(remarks))


def _unpacked(one: Submission, into: Path) -> Submission:
    """A submission whose work is in archives in its folder, unpacked; any other as it is."""
    packed = not one.refused and one.error is None and one.path.is_dir() and is_packed(one.path)
    return assemble(Work(name=one.name, key="", paths=(("", one.path),)), into) if packed else one


def _by_document(paths: Iterable[Path]) -> Iterator[Submission]:
    """A submission for whoever has handed in nothing else: code, or refused, as it is no code."""
    by_name: defaultdict[str, list[Path]] = defaultdict(list)
    for path in paths:
        by_name[printable(stem(path.name))].append(path)
    for name, alike in by_name.items():
        if code := [path for path in alike if is_code(path.name)]:
            yield Submission(name, code[0])
            continue
        whats = " and ".join(f"{one_line(path.name)} is {described(path.name)}" for path in alike)
        advice = "hand in code, as NAME.py, NAME.ipynb or a zip of a folder"
        yield Submission(name, alike[0], refused=f"{whats}; {advice}")


def _sorted(there: Iterable[Submission]) -> tuple[Submission, ...]:
    """By name; those that share one, and links to another's, with why they are refused."""
    return tuple(sorted(refuse_links(refuse_same_names([*there])), key=lambda one: one.name))


def _renamed(works: tuple[Work, ...]) -> list[Work]:
    """Names that can be printed, and are not shared: then the system's number stands behind each."""
    names = [printable(work.name) for work in works]
    times = Counter(names)
    return [
        replace(work, name=name if times[name] == 1 else f"{name} ({printable(work.key)})")
        for work, name in zip(works, names, strict=True)
    ]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(one_line(name, 80) for name in names[:_MOST_NAMED]) + more
