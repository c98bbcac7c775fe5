"""Who is in a class: its folder and its zip name the same students, all of them and no others."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from gradcheck.errors import SubmissionError, UsageError
from gradcheck.grading.intake.strays import MARK
from gradcheck.grading.intake.take import Intake, take

CODE = "def backprop(x):\n    return x\n"
FILES = ("two_layer.py",)


def packed(**files: str) -> bytes:
    """A zip of these files, whose dots are written as double underscores."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return stream.getvalue()


def tarred(ending: str, **files: str) -> bytes:
    """The same as a tar file."""
    stream = io.BytesIO()
    kind = {"tar": "w", "gz": "w:gz", "xz": "w:xz"}[ending]
    with tarfile.open(fileobj=stream, mode=kind) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name.replace("__", "."))
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content.encode()))
    return stream.getvalue()


ZIP = packed(two_layer__py=CODE)
NOTEBOOK = packed(two_layer__ipynb="{}")
GRADESCOPE = """\
submission_1:
  :submitters:
  - :name: Jane Doe
submission_2:
  :submitters:
  - :name: John Roe
  - :name: Eve
"""


def each(*paths: str) -> dict[str, str | bytes]:
    """Right code at every path."""
    return dict.fromkeys(paths, CODE)


LAYOUTS: dict[str, tuple[Mapping[str, str | bytes], str]] = {
    # plain folders and files
    "folders": (each("anna/two_layer.py", "ben/two_layer.py"), "anna ben"),
    "files": (each("anna.py", "ben.py"), "anna ben"),
    "zips": ({"anna.zip": ZIP, "ben.zip": ZIP}, "anna ben"),
    "a folder, a file, a zip, a tar": (
        {**each("anna/two_layer.py", "ben.py"), "cleo.zip": ZIP, "dora.tar.gz": tarred("gz", x__py=CODE)},
        "anna ben cleo dora",
    ),
    "one folder": (each("anna/two_layer.py"), "anna"),
    "one folder of two files": ({**each("anna/two_layer.py"), "anna/layers.py": "x = 1"}, "anna"),
    "one folder, deeper": (each("anna/hw1/two_layer.py"), "anna"),
    "one folder, deeper, of two files": (
        {**each("anna/hw1/two_layer.py"), "anna/hw1/layers.py": "x = 1"},
        "anna",
    ),
    "one folder, deeper, of other names": (
        {"anna/hw1/net.py": "import layers\n" + CODE, "anna/hw1/layers.py": "x = 1"},
        "anna",
    ),
    "one folder of parts": (each("anna/src/two_layer.py", "anna/tests/test.py"), "anna"),
    "one folder of two tries": (each("anna/v1/two_layer.py", "anna/v2/two_layer.py"), "anna"),
    "one package": (
        {"anna/nn/__init__.py": "", "anna/nn/two_layer.py": CODE, "anna/ops/__init__.py": ""},
        "anna",
    ),
    # in the folder of the class
    "class, one": (each("submissions/anna/two_layer.py"), "anna"),
    "class, one, deeper": (each("submissions/anna/hw1/two_layer.py"), "anna"),
    "class, one, of two files": (
        {**each("submissions/anna/two_layer.py"), "submissions/anna/layers.py": "x = 1"},
        "anna",
    ),
    "class of folders": (each("submissions/anna/two_layer.py", "submissions/ben/two_layer.py"), "anna ben"),
    "class of files": (each("class/anna.py", "class/ben.py"), "anna ben"),
    "class of one file": (each("class/anna.py"), "anna"),
    "class of zips": ({"class/anna.zip": ZIP, "class/ben.zip": ZIP}, "anna ben"),
    "term and class": (each("cs101/hw1/anna/two_layer.py", "cs101/hw1/ben/two_layer.py"), "anna ben"),
    "term and class of one": (each("CS101/hw1/anna/two_layer.py"), "anna"),
    "any name, several": (each("Backprop/anna/two_layer.py", "Backprop/ben/x.py"), "anna ben"),
    "any name, files": (each("Backprop/anna.py", "Backprop/ben.py"), "anna ben"),
    "numbers for names": (each("hw1/1234567/two_layer.py", "hw1/1234568/two_layer.py"), "1234567 1234568"),
    "a number for a name": (each("hw1/1234567/two_layer.py"), "1234567"),
    # strays
    "list beside the class": (
        {"roster.csv": "a", **each("submissions/anna/two_layer.py", "submissions/ben/two_layer.py")},
        "anna ben",
    ),
    "list beside the class of one": ({"roster.csv": "a", **each("submissions/anna/two_layer.py")}, "anna"),
    "course's folder": (
        {
            **each("submissions/anna/two_layer.py", "submissions/ben.py", "reference/two_layer.py"),
            "specs/two_layer.yaml": "",
            "README.md": "",
            "hw1.pdf": "",
        },
        "anna ben",
    ),
    "notes beside the class": (
        {"misc/x.txt": "", **each("Student Submissions/anna.py", "Student Submissions/ben.py")},
        "anna ben",
    ),
    "in time and late": (each("on_time/anna.py", "late/ben.py"), "anna ben"),
    "somebody beside the class": (each("anna.py", "class/ben.py"), "anna ben"),
    "list among folders": ({"roster.xlsx": "", **each("anna/two_layer.py", "ben/two_layer.py")}, "anna ben"),
    "other kinds": (
        {
            **each("anna.py", "emil.PY"),
            "ben.pdf": "",
            "cleo.rar": "",
            "dora.tar.xz": tarred("xz", two_layer__py=CODE),
            "fritz.docx": "",
            "gina": "what",
        },
        "anna ben cleo dora emil fritz gina",
    ),
    "a report beside the code": (
        {**each("anna.py", "ben/two_layer.py"), "anna.pdf": "", "ben.pdf": ""},
        "anna ben",
    ),
    "programs": (
        {
            **each("anna/two_layer.py", ".git/x.py", "__pycache__/x.py", "venv/lib/x.py", "e/lib/x.py"),
            "e/pyvenv.cfg": "",
            ".ipynb_checkpoints/x.ipynb": "{}",
            "__MACOSX/anna/._two_layer.py": "",
            "Thumbs.db": "",
        },
        "anna",
    ),
    "gradcheck's own": (
        {
            **each("anna/two_layer.py"),
            "grades/gradebook.sqlite": "",
            "grades/grades.csv": "",
            "grades/unpacked/submissions/anna/two_layer.py": CODE,
            "pages/anna.html": "",
            f"pages/{MARK}": "",
        },
        "anna",
    ),
    "gradebook among submissions": (
        {
            **each("anna.py", "unpacked/submissions/x.py"),
            "gradebook.sqlite": "",
            "grades.json": "",
            "dashboard.html": "",
        },
        "anna",
    ),
    # Canvas
    "Canvas": (each("doejane_1_2_two_layer.py", "roejohn_LATE_3_4_two_layer-1.py"), "doejane roejohn"),
    "Canvas, one, and a list": ({**each("doejane_1_2_two_layer.py"), "roster.csv": ""}, "doejane"),
    "Canvas in a folder": (
        each("submissions/doejane_1_2_x.py", "submissions/roejohn_3_4_x.py"),
        "doejane roejohn",
    ),
    "Canvas of one in a folder, and a list": (
        {**each("hw1/doejane_1_2_two_layer.py"), "roster.csv": ""},
        "doejane",
    ),
    "Canvas of otter's zips": (
        {
            "doejane_1_11_two_layer_2026_10_01T23_58_01_123456.zip": NOTEBOOK,
            "roejohn_2_12_two_layer_2026_10_01T23_59_01_123456-1.zip": NOTEBOOK,
        },
        "doejane roejohn",
    ),
    "Canvas of one otter zip": ({"doejane_1_11_two_layer_2026_10_01T23_58_01.zip": NOTEBOOK}, "doejane"),
    # Moodle
    "Moodle": (
        each("Jane Doe_1_assignsubmission_file_/two_layer.py", "John_2_assignsubmission_file_two_layer.py"),
        "Jane Doe|John",
    ),
    "Moodle, one, in a folder, and a list": (
        {**each("CS/Jane Doe_1_assignsubmission_file_/two_layer.py"), "CS/roster.csv": ""},
        "Jane Doe|",
    ),
    "Moodle, one, and notes": (
        {"Jane Doe_1_assignsubmission_file_/x.py": CODE, "notes.html": ""},
        "Jane Doe|",
    ),
    "Moodle, two zips of one": (
        {"Jo_1_assignsubmission_file_/a.zip": ZIP, "Jo_1_assignsubmission_file_/b.zip": ZIP},
        "Jo",
    ),
    # Gradescope, nbgrader
    "Gradescope": (
        {
            "submission_metadata.yml": GRADESCOPE,
            **each("submission_1/two_layer.py", "submission_2/two_layer.py"),
        },
        "Jane Doe|John Roe + Eve",
    ),
    "Gradescope in a folder": (
        {
            "assignment_9_export/submission_metadata.yml": GRADESCOPE,
            **each("assignment_9_export/submission_1/two_layer.py", "assignment_9_export/submission_2/x.py"),
        },
        "Jane Doe|John Roe + Eve",
    ),
    "nbgrader": (
        each("submitted/jane/ps1/two_layer.ipynb", "submitted/john/ps1/two_layer.ipynb"),
        "jane john",
    ),
    "nbgrader, one": (each("course/submitted/jane/ps1/two_layer.ipynb"), "jane"),
    "named as nbgrader's": (
        each("submitted/jane/src/two_layer.py", "submitted/john/two_layer.py"),
        "jane john",
    ),
    # otter
    "otter by students": (
        {
            "jane_2026_10_01T23_58_01_123456.zip": NOTEBOOK,
            "jane_2026_10_02T23_58_01_123456.zip": NOTEBOOK,
            "john_2026_10_01T23_58_01_123456.zip": NOTEBOOK,
        },
        "jane john",
    ),
    "otter by notebook": (
        {
            "two_layer_2026_10_01T23_58_01_123456.zip": NOTEBOOK,
            "two_layer_2026_10_02T23_58_01_123456.zip": NOTEBOOK,
        },
        "two_layer_2026_10_01T23_58_01_123456 two_layer_2026_10_02T23_58_01_123456",
    ),
    "otter in folders": (
        {
            "jane/two_layer_2026_10_01T23_58_01_123456.zip": NOTEBOOK,
            "jane/two_layer_2026_10_02T23_58_01_123456.zip": NOTEBOOK,
            "john/two_layer_2026_10_02T23_59_01_123456.zip": NOTEBOOK,
        },
        "jane john",
    ),
}


def lay(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A folder with these files."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def students(intake: Intake) -> list[str]:
    """The names, those of the refused, too."""
    return [one.name for one in intake.submissions]


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("files, expected", LAYOUTS.values(), ids=LAYOUTS)  # noqa: PT006 (as one)
def test_layout(tmp_path: Path, form: str, files: Mapping[str, str | bytes], expected: str) -> None:
    """The same students, from the folder and from its zip."""
    path = tmp_path / f"download.{form}"
    if form == "folder":
        lay(path, files)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    names = [name for name in (expected.split("|") if "|" in expected else expected.split()) if name]
    assert students(take(path, tmp_path / "unpacked", files=FILES)) == sorted(names)


ANNA, BEN = "anna/two_layer.py", "ben/two_layer.py"


def taken(tmp_path: Path, files: Mapping[str, str | bytes]) -> Intake:
    """The intake of a folder with these files."""
    return take(lay(tmp_path / "in", files), tmp_path / "unpacked", files=FILES)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("ben.pdf", "ben.pdf is a PDF; hand in code"),
        ("ben.rar", "ben.rar is a RAR archive, which can't be unpacked here"),
        ("ben.xyz", "ben.xyz is a .xyz file"),
        ("ben", "ben is a file without an ending"),
    ],
)
def test_who_hands_in_no_code_has_a_reason(tmp_path: Path, name: str, says: str) -> None:
    """It names the file."""
    anna, ben = taken(tmp_path, {"anna.py": CODE, name: "?"}).submissions
    assert not anna.refused
    assert says in ben.refused


def test_what_is_left_out_is_listed(tmp_path: Path) -> None:
    """With the folder that holds the class."""
    files = {"roster.csv": "", "notes.txt": "", "submissions/anna.py": CODE, "submissions/anna.pdf": ""}
    assert taken(tmp_path, files).remarks == (
        f"{tmp_path / 'in'}: the submissions are those in submissions",
        "left out, as it lies beside the submissions: notes.txt, roster.csv",
        "left out: anna.pdf",
    )


def test_files_that_belong_together_are_one_submission(tmp_path: Path) -> None:
    """If one that is asked for imports the others, the folder is no class; else it is one."""
    files = {"two_layer.py": "from layers import affine\n", "layers.py": "def affine(): ..."}
    intake = take(lay(tmp_path / "anna", files), tmp_path / "unpacked", files=FILES)
    assert students(intake) == ["anna"]
    assert any("is one submission, anna" in remark for remark in intake.remarks)
    (tmp_path / "anna.zip").write_bytes(packed(two_layer__py="import layers\n", layers__py="x = 1"))
    assert students(take(tmp_path / "anna.zip", tmp_path / "unpacked", files=FILES)) == ["anna"]
    assert students(taken(tmp_path, {"two_layer.py": CODE, "ben.py": "import numpy"})) == ["ben", "two_layer"]


def test_two_zips_of_one_student(tmp_path: Path) -> None:
    """Each is unpacked into a folder of its name; of an archive in an archive the code counts."""
    (one, two) = taken(
        tmp_path,
        {
            "anna/a.zip": ZIP,
            "anna/b.zip": packed(layers__py=""),
            "ben/a.zip": _zip_of("in.zip", ZIP),
            "ben/n.zip": packed(x__txt=""),
        },
    ).submissions
    assert sorted(path.relative_to(one.path).as_posix() for path in one.path.rglob("*.py")) == [
        "a/two_layer.py",
        "b/layers.py",
    ]
    assert [path.name for path in two.path.rglob("*.py")] == ["two_layer.py"]


def _zip_of(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def test_several_assignments(tmp_path: Path) -> None:
    """One has to be named."""
    files = each(*(f"{hw}/{one}" for hw in ("hw1", "hw2") for one in (ANNA, BEN)))
    with pytest.raises(UsageError, match="several assignments: hw1, hw2; name the folder of one"):
        taken(tmp_path, files)


@pytest.mark.parametrize(
    ("name", "says"),
    [("anna.py", r"is one submission; check it with: gradcheck"), ("class.pdf", "is a PDF; name a folder")],
)
def test_a_file_is_no_class(tmp_path: Path, name: str, says: str) -> None:
    """It says what to do."""
    (tmp_path / name).write_text(CODE)
    with pytest.raises(SubmissionError, match=says):
        take(tmp_path / name, tmp_path / "unpacked")


def test_otter_tells_what_counts(tmp_path: Path) -> None:
    """The newest of a student; files that are named after the notebook are everybody's."""
    by_student = LAYOUTS["otter by students"][0]
    assert any(
        "newer ones by the same students: jane_2026_10_01" in remark
        for remark in taken(tmp_path, by_student).remarks
    )
    by_notebook = LAYOUTS["otter by notebook"][0]
    remarks = take(lay(tmp_path / "b", by_notebook), tmp_path / "unpacked").remarks
    assert any("otter names zips after the notebook" in remark for remark in remarks)
