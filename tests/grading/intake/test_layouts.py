"""Submissions as Canvas, Moodle, Gradescope, nbgrader and otter name them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gradcheck.errors import SubmissionError, UsageError
from gradcheck.grading.intake.take import Intake, take
from gradcheck.grading.records import Person


def lay(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A folder with these files."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def contents(intake: Intake) -> dict[str, dict[str, str]]:
    """Submission -> its files, with what is in them."""
    return {
        one.name: {
            path.relative_to(one.path).as_posix(): path.read_text()
            for path in sorted(one.path.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }
        if one.path.is_dir()
        else {one.path.name: one.path.read_text()}
        for one in intake.submissions
    }


CANVAS: dict[str, str | bytes] = {
    "doejane_LATE_4321_98765_two_layer-1.py": "new",
    "roejohn_4322_98766_two layer.py": "john",
    "roejohn_4322_98767_helper.py": "h",
    "o_brien_pat_4323_98768_x_1_2.py": "pat",
    "doejane_4399_98769_two_layer.py": "other jane",
    "müllerän_4400_98770_two_layer.ipynb": "{}",
    "mute_4401_text.html": "<p>no file</p>",
    "zoe_4402_98771_hw.zip": zipped({"two_layer.py": "zoe", "__MACOSX/._two_layer.py": "x"}),
}


def test_canvas(tmp_path: Path) -> None:
    """A folder a student, with the files as the student called them; ids and lateness are known."""
    intake = take(lay(tmp_path / "in", CANVAS), tmp_path / "unpacked")
    assert contents(intake) == {
        "doejane (4321)": {"two_layer.py": "new"},
        "doejane (4399)": {"two_layer.py": "other jane"},
        "mute": {"text.html": "<p>no file</p>"},
        "müllerän": {"two_layer.ipynb": "{}"},
        "o_brien_pat": {"x_1_2.py": "pat"},
        "roejohn": {"two layer.py": "john", "helper.py": "h"},
        "zoe": {"two_layer.py": "zoe"},
    }
    origins = {one.submission: one for one in intake.origins}
    assert origins["doejane (4321)"].late is True
    assert origins["roejohn"].late is False
    assert origins["roejohn"].people == (Person(name="roejohn", canvas_id="4322"),)
    assert any("the file names are those of Canvas" in remark for remark in intake.remarks)


def test_canvas_keeps_the_newest(tmp_path: Path) -> None:
    """Of files that differ in Canvas's -1 alone the newest has the name."""
    files = {"doejane_4321_98765_two_layer.py": "old", "doejane_4321_98799_two_layer-1.py": "new"}
    intake = take(lay(tmp_path / "in", files), tmp_path / "unpacked")
    assert contents(intake)["doejane"]["two_layer.py"] == "new"


def test_canvas_anonymous(tmp_path: Path) -> None:
    """Marking is blind: the number stands for the name, and nobody is matched by it."""
    files = {"anon_a1B2c_98765_two_layer.py": "1", "LATE_anon_x9Y8z_98766_two_layer.py": "2"}
    intake = take(lay(tmp_path / "in", files), tmp_path / "unpacked")
    assert list(contents(intake)) == ["anon_a1B2c", "anon_x9Y8z"]
    assert {one.submission: one.late for one in intake.origins} == {"anon_a1B2c": False, "anon_x9Y8z": True}
    assert {person for one in intake.origins for person in one.people} == {Person()}


def test_moodle(tmp_path: Path) -> None:
    """Folders as they lie there, files of one student together, names with anything in them."""
    files: dict[str, str | bytes] = {
        "Jane Doe_12345_assignsubmission_file_/two_layer.py": "jane",
        "Jane Doe_12345_assignsubmission_onlinetext_/onlinetext.html": "<p>",
        "Jane Doe_12399_assignsubmission_file/two_layer.py": "other jane",
        "José_María Ó'Neil_12346_assignsubmission_file_two_layer.py": "josé",
        "Eve_12347_assignsubmission_file_/hw.zip": zipped({"hw/two_layer.py": "eve"}),
        "Bob_12348_assignsubmission_file_/two_layer.py": "bob",
        "Bob_12348_assignsubmission_file_/data.zip": zipped({"data.txt": "1"}),
        "Participant_12350_assignsubmission_file_/two_layer.py": "blind",
        "Cid_12351_assignsubmission_file_/two_layer.py": "package",
        "Cid_12351_assignsubmission_file_/nn/__init__.py": "",
        "Cid_12351_assignsubmission_onlinetext_/onlinetext.html": "<p>",
    }
    lay(tmp_path / "in", {**files, "readme.html": "x"})
    intake = take(tmp_path / "in", tmp_path / "unpacked")
    assert names(intake) == {
        "Bob": ["data.zip", "two_layer.py"],
        "Cid": ["nn/__init__.py", "onlinetext.html", "two_layer.py"],
        "Eve": ["hw/two_layer.py"],
        "Jane Doe (12345)": ["onlinetext.html", "two_layer.py"],
        "Jane Doe (12399)": ["two_layer.py"],
        "José_María Ó'Neil": ["two_layer.py"],
        "Participant": ["two_layer.py"],
    }
    people = {one.submission: one.people for one in intake.origins}
    assert people["Jane Doe (12345)"] == (Person(name="Jane Doe", participant="12345"),)
    assert people["Participant"] == (Person(participant="12350"),)
    assert any("readme.html" in remark for remark in intake.remarks)


def names(intake: Intake) -> dict[str, list[str]]:
    """Submission -> the names of its files."""
    return {
        one.name: sorted(
            path.relative_to(one.path).as_posix() for path in one.path.rglob("*") if path.is_file()
        )
        for one in intake.submissions
    }


METADATA = """\
submission_111:
  :submitters:
  - :name: Jane Doe
    :sid: 'A001'
    :email: jane@example.edu
  :created_at: 2026-09-30 21:58:01.123456789 Z
  :score: 0.0
  :history: []
submission_222:
  :submitters:
  - :name: "John\\nRoe"
    :sid: 2
    :email: john@example.edu
  - :name: Eve
    :sid:
    :email: eve@example.edu
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-10-02 00:00:00 Z
submission_333:
  :submitters: []
submission_444: {}
"""


@pytest.mark.parametrize("inside", ["", "assignment_9_export/"])
def test_gradescope(tmp_path: Path, inside: str) -> None:
    """Who, by the metadata; a group's work is everybody's; from a folder or from the zip."""
    files = {
        f"{inside}submission_metadata.yml": METADATA,
        f"{inside}submission_111/two_layer.py": "jane",
        f"{inside}submission_222/two_layer.py": "group",
        f"{inside}submission_333/two_layer.py": "nobody",
    }
    if inside:
        path = tmp_path / "export.zip"
        path.write_bytes(zipped(files))
    else:
        path = lay(tmp_path / "in", files)
    intake = take(path, tmp_path / "unpacked")
    assert contents(intake) == {
        "Jane Doe": {"two_layer.py": "jane"},
        "John Roe + Eve": {"two_layer.py": "group"},
        "submission_333": {"two_layer.py": "nobody"},
    }
    origins = {one.submission: one for one in intake.origins}
    assert origins["Jane Doe"].people == (Person(name="Jane Doe", email="jane@example.edu", number="A001"),)
    assert origins["Jane Doe"].submitted == datetime(2026, 9, 30, 21, 58, 1, 123456, UTC)
    assert len(origins["John Roe + Eve"].people) == 2
    assert any("submission_444: has no folder" in remark for remark in intake.remarks)


@pytest.mark.parametrize("text", ["[1, 2]", "a: [", "!!python/object/apply:os.system ['false']", "\0", ""])
def test_gradescope_nonsense(tmp_path: Path, text: str) -> None:
    """What isn't Gradescope's is refused, and runs nothing."""
    with pytest.raises(UsageError, match="is not a file from Gradescope"):
        take(lay(tmp_path / "in", {"submission_metadata.yml": text}), tmp_path / "unpacked")


NBGRADER = {
    "submitted/jane/ps1/two_layer.ipynb": "{}",
    "submitted/jane/ps1/timestamp.txt": "2026-09-30 23:58:01.948203 America/Los_Angeles",
    "submitted/john/ps1/two_layer.ipynb": "{}",
    "submitted/john/ps1/timestamp.txt": "2026-09-30 23:58:01.948203 UTC",
    "submitted/john/ps2/two_layer.ipynb": "{}",
    "submitted/eve/ps1/timestamp.txt": "yesterday",
    "source/ps1/two_layer.ipynb": "{}",
}


@pytest.mark.parametrize("part", ["", "submitted"])
def test_nbgrader(tmp_path: Path, part: str) -> None:
    """The course's folder, or its `submitted`; students and times."""
    folder = lay(tmp_path / "course", NBGRADER) / part
    intake = take(folder, tmp_path / "unpacked", assignment="ps1")
    assert names(intake)["jane"] == ["timestamp.txt", "two_layer.ipynb"]
    times = {one.submission: one.submitted for one in intake.origins}
    assert times["jane"] == datetime(2026, 9, 30, 23, 58, 1, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert times["john"] == datetime(2026, 9, 30, 23, 58, 1, tzinfo=UTC)
    assert times["eve"] is None
    assert [one.name for one in take(folder, tmp_path / "u", assignment="ps2").submissions] == ["john"]


def test_nbgrader_in_a_zip(tmp_path: Path) -> None:
    """In a folder of its own, with several assignments."""
    (tmp_path / "course.zip").write_bytes(zipped({f"course/{name}": text for name, text in NBGRADER.items()}))
    intake = take(tmp_path / "course.zip", tmp_path / "unpacked", assignment="ps2")
    assert [one.name for one in intake.submissions] == ["john"]


@pytest.mark.parametrize(
    ("assignment", "says"),
    [("", "with --assignment NAME: ps1, ps2"), ("ps3", "there are ps1, ps2")],
)
def test_nbgrader_which(tmp_path: Path, assignment: str, says: str) -> None:
    """Where there are several, one has to be named."""
    with pytest.raises(UsageError, match=says):
        take(lay(tmp_path / "course", NBGRADER), tmp_path / "unpacked", assignment=assignment)


def test_otter(tmp_path: Path) -> None:
    """The newest zip of each name, and when it was exported."""
    files = {
        "jane_2026_09_30T23_58_01_948203.zip": zipped({"two_layer.ipynb": "new", "__zip_filename__": "x"}),
        "jane_2026_09_29T23_58_01_948203.zip": zipped({"two_layer.ipynb": "old"}),
        "john_2026_09_30T23_58_01_948203.zip": zipped({"two_layer.ipynb": "john"}),
    }
    intake = take(lay(tmp_path / "in", files), tmp_path / "unpacked")
    assert contents(intake)["jane"]["two_layer.ipynb"] == "new"
    assert {one.submission: one.submitted for one in intake.origins} == {
        name: datetime(2026, 9, 30, 23, 58, 1) for name in ("jane", "john")
    }


@pytest.mark.parametrize(
    "files",
    [
        {"ann.py": "1", "bob/two_layer.py": "2"},
        {"ann_1_2_hw.py": "1", "bob.py": "2", "cid.py": "3"},
        {"two_layer_1.py": "1", "x_2_3.py": "2"},
        {"ann/hw1/two_layer.py": "1", "bob/hw1/two_layer.py": "2"},
        {"submission_1/two_layer.py": "1"},
        {"ann_2026_09_30.py": "1"},
        {"ann_2026_10_30.py": "1"},
        {"ann_2026_10_layer.py": "1", "bob_2026_10_layer.py": "2"},
    ],
)
def test_plain(tmp_path: Path, files: dict[str, str]) -> None:
    """Names that are nobody's system's are the students'; nothing is copied, and nothing said."""
    intake = take(lay(tmp_path / "in", files), tmp_path / "unpacked")
    students = {Path(name).parts[0].removesuffix(".py") for name in files}
    assert {one.name for one in intake.submissions} == students
    assert intake.origins == ()
    assert intake.remarks == ()
    assert not (tmp_path / "unpacked").exists()


def test_plain_zips(tmp_path: Path) -> None:
    """NAME.zip is a student's, as is a folder with nothing but a zip; who also has NAME.py is refused."""
    files: dict[str, str | bytes] = {
        "ann.zip": zipped({"two_layer.py": "ann"}),
        "bob.py": "bob",
        "cid/hw.zip": zipped({"two_layer.py": "cid"}),
        "eve.zip": zipped({"two_layer.py": "eve"}),
        "eve.py": "eve",
    }
    intake = take(lay(tmp_path / "in", files), tmp_path / "unpacked")
    fine = {one.name: one for one in intake.submissions if not one.refused}
    assert fine.keys() == {"ann", "bob", "cid"}
    assert (fine["cid"].path / "two_layer.py").read_text() == "cid"
    assert len([one for one in intake.submissions if one.refused and "eve" in one.name]) == 2


def test_a_run_replaces_what_was_unpacked(tmp_path: Path) -> None:
    """A file that is no longer handed in is gone; and what was unpacked can't be graded itself."""
    folder = lay(tmp_path / "in", {"a_1_2_old.py": "1"})
    take(folder, tmp_path / "unpacked")
    (folder / "a_1_2_old.py").rename(folder / "a_1_3_new.py")
    assert contents(take(folder, tmp_path / "unpacked")) == {"a": {"new.py": "1"}}
    with pytest.raises(UsageError, match="emptied and filled by every run"):
        take(tmp_path / "unpacked" / "submissions", tmp_path / "unpacked")


def test_links_are_refused(tmp_path: Path) -> None:
    """Whoever links to another's file, or out of the folder, hands in nothing."""
    folder = lay(tmp_path / "in", {"ann_1_2_two_layer.py": "1", "cid_3_4_two_layer.py": "3"})
    (folder / "bob_5_6_two_layer.py").symlink_to(folder / "ann_1_2_two_layer.py")
    moodle = lay(tmp_path / "moodle", {"Ann_1_assignsubmission_file_/a.py": "1"})
    (moodle / "Bob_2_assignsubmission_file_").symlink_to(moodle / "Ann_1_assignsubmission_file_")
    for where in (folder, moodle):
        refused = {one.name.casefold(): one.refused for one in take(where, tmp_path / "unpacked").submissions}
        assert refused["bob"]
        assert not refused["ann"]


def test_a_missing_folder(tmp_path: Path) -> None:
    """It says so."""
    with pytest.raises(SubmissionError, match="No such file or directory"):
        take(tmp_path / "nowhere", tmp_path / "unpacked")
