"""Finding submissions and reading a student's file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gradcheck.errors import SubmissionError
from gradcheck.submission.find import Submission, at, find, source, submissions
from gradcheck.submission.read import MAX_SOURCE
from gradcheck.submission.text import one_line
from gradcheck.submission.wanted import Wanted


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A class of three, and what else lies about in such a folder; seen from the folder above it."""
    monkeypatch.chdir(tmp_path)
    folder = Path("submissions")
    (folder / "carl").mkdir(parents=True)
    (folder / "carl" / "backprop.py").write_text("def backprop(): ...\n")
    (folder / "__pycache__").mkdir()
    (folder / ".hidden").mkdir()
    for name in ("berta.py", "anna.py", ".secret.py", "__init__.py", "notes.txt", "notes.pdf"):
        (folder / name).write_text(f"# {name}\n")
    return folder


def test_submissions_are_files_and_folders(folder: Path) -> None:
    """One submission a Python file or folder, by name; hidden, cached and other files are none."""
    assert submissions(folder) == [
        Submission("anna", folder / "anna.py"),
        Submission("berta", folder / "berta.py"),
        Submission("carl", folder / "carl"),
    ]


def test_code_under_the_names_of_browsers_is_a_submission(tmp_path: Path) -> None:
    """Text is one if it is code, and formulas only where those are taken."""
    for name in ("a.PY", "b.py.txt", "c.ipynb.json", "d.txt", "README.txt"):
        (tmp_path / name).write_text("import numpy as np\n")
    (tmp_path / "e.txt").write_text("dW = x")
    assert [one.name for one in submissions(tmp_path)] == ["a", "b", "c", "d"]
    assert [one.name for one in submissions(tmp_path, formula=True)] == ["a", "b", "c", "d", "e"]
    paper = [one.name for one in submissions(tmp_path, formula=True) if one.paper(Wanted("net.py"))]
    assert paper == ["e"]


def test_a_missing_folder_is_explained(tmp_path: Path) -> None:
    """The message names the folder and says what belongs into it."""
    with pytest.raises(SubmissionError, match=r"nowhere: No such file or directory; make it.*NAME\.py"):
        submissions(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["anna", "anna.py", "submissions/anna.py"])
def test_find_takes_names_and_paths(folder: Path, name: str) -> None:
    """A submission has a name, a file name and a path."""
    assert find(folder, name) == Submission("anna", folder / "anna.py")


def test_find_takes_a_path_from_anywhere(folder: Path, tmp_path: Path) -> None:
    """A path need not lead into the folder of submissions."""
    elsewhere = tmp_path / "draft.py"
    elsewhere.write_text("")
    assert find(folder, "draft.py") == Submission("draft", Path("draft.py"))
    assert find(folder, str(elsewhere)) == Submission("draft", elsewhere)


@pytest.mark.parametrize("name", ["ana", "ANNA", "Ana.py"])
def test_an_unknown_name_is_guessed(folder: Path, name: str) -> None:
    """The message guesses what was meant and lists what there is."""
    with pytest.raises(SubmissionError, match=r"Did you mean anna\? There are: anna, berta, carl"):
        find(folder, name)


@pytest.mark.parametrize("name", ["work", "./work", "work/", "draft", "draft.py", "./draft", "./draft.py"])
def test_find_takes_what_lies_here(folder: Path, tmp_path: Path, name: str) -> None:
    """A folder or a file of the current folder, with and without what makes it a path."""
    (tmp_path / "work").mkdir()
    (tmp_path / "draft.py").write_text("")
    assert find(folder, name).path.resolve().name == ("work" if "work" in name else "draft.py")


def test_what_lies_here_is_found_without_a_folder_of_submissions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No folder is asked for that is not needed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "draft.py").write_text("")
    assert find(Path("submissions"), "draft").path == Path("draft.py")
    with pytest.raises(
        SubmissionError, match=r"called so here\. Did you mean draft\.py\? submissions: No such"
    ):
        find(Path("submissions"), "darft")


def test_a_submission_goes_before_what_lies_here(folder: Path, tmp_path: Path) -> None:
    """A bare name is first of all that of a submission; a path says what is meant otherwise."""
    (tmp_path / "anna").mkdir()
    assert find(folder, "anna").path == folder / "anna.py"
    assert find(folder, "./anna").path == Path("anna")
    assert find(folder, "submissions/berta").path == folder / "berta.py"
    assert find(folder, ".").path.resolve() == tmp_path.resolve()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("submissions/ana.py", r"no such file or folder\. Did you mean anna\.py\?"),
        ("submissions/.hidden/anna.py", r"There is nothing to be seen in submissions/\.hidden\."),
        ("submissions/zzz", r"There are: anna\.py, berta\.py, carl, notes"),
        ("nowhere/anna.py", r"There is no folder nowhere\."),
    ],
)
def test_a_path_that_leads_nowhere(folder: Path, name: str, hint: str) -> None:
    """The message names what lies there."""
    with pytest.raises(SubmissionError, match=hint):
        find(folder, name)


@pytest.mark.parametrize("name", ["hw", "hw.ipynb", "./hw.ipynb", "submissions/dora.ipynb"])
def test_a_notebook_is_found(folder: Path, tmp_path: Path, name: str) -> None:
    """As a Python file is."""
    (tmp_path / "hw.ipynb").write_text('{"cells": []}')
    (folder / "dora.ipynb").write_text('{"cells": []}')
    assert source(find(folder, name), Wanted("two_layer.py"))[0] == "\n"


def test_a_missing_file_is_answered_with_those_there_are(folder: Path) -> None:
    """In a submission's folder, as anywhere."""
    with pytest.raises(SubmissionError, match=r"the spec asks for it\. Did you mean backprop\.py\?"):
        source(find(folder, "carl"), Wanted("backprops.py", others=[Wanted("net.py")]))


def test_twins_are_told_apart_by_their_author(folder: Path) -> None:
    """A file and a folder of one name are an error that names both."""
    (folder / "carl.py").write_text("")
    with pytest.raises(SubmissionError, match=r"carl\.py"):
        find(folder, "carl")


@pytest.mark.parametrize(
    ("path", "complaint"), [("nowhere.py", "no such file"), ("submissions/notes.pdf", "not a Python file")]
)
def test_at_wants_a_python_file(folder: Path, path: str, complaint: str) -> None:
    """A path that leads nowhere, or to something else, is refused."""
    with pytest.raises(SubmissionError, match=complaint):
        at(Path(path))


def test_source_of_a_file(folder: Path) -> None:
    """A single file is its own code, whatever name the spec has for it, and imports from no folder."""
    text = source(find(folder, "anna"), Wanted("backprop.py"))
    assert text == ("# anna.py\n", "submissions/anna.py", None)


def test_source_in_a_folder(folder: Path) -> None:
    """A folder's code is the file that the spec names; imports look in the folder."""
    text, shown, home = source(find(folder, "carl"), Wanted("backprop.py"))
    assert (text, shown) == ("def backprop(): ...\n", "submissions/carl/backprop.py")
    assert home == str((folder / "carl").resolve())


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfx = '\xc3\xa9'\n", "x = 'é'\n"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", "# -*- coding: latin-1 -*-\nx = 'é'\n"),
        (b"x = 1\r\ny = 2\rz = 3", "x = 1\ny = 2\nz = 3"),
        ("x = 'é'\n".encode("utf-16"), "x = 'é'\n"),
        (b"\xfe\xff" + "x = 'é'\n".encode("utf-16-be"), "x = 'é'\n"),
        (
            b"#!/usr/bin/python\n# vim: set fileencoding=Windows-1252 :\nx = '\x80'\n",
            "#!/usr/bin/python\n# vim: set fileencoding=Windows-1252 :\nx = '€'\n",
        ),
        (b"x = 'f\xfcr \x80'\n", "x = 'für €'\n"),
        ("x = 'é'\n".encode("utf-32"), "x = 'é'\n"),
        ("x = 'é'\n".encode("utf-16-le"), "x = 'é'\n"),
        ("x = 'é'\n".encode("utf-16-be"), "x = 'é'\n"),
        ("# coding: gbk\nx = '反'\n".encode("gbk"), "# coding: gbk\nx = '反'\n"),
        (b"x = 1\ny = 2\n# coding: klingon\n", "x = 1\ny = 2\n# coding: klingon\n"),
    ],
)
def test_source_is_read_as_python_reads_it(folder: Path, data: bytes, text: str) -> None:
    """A byte order mark, a coding comment and foreign line ends are understood."""
    (folder / "anna.py").write_bytes(data)
    assert source(find(folder, "anna"), Wanted("backprop.py"))[0] == text


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"# coding: utf-8\ny = '\xe9'\n", "anna.py:2: is not utf-8 text; save"),
        (b"\xef\xbb\xbfx = 1\n\n\ny = '\xe9'\n", "anna.py:4: is not utf-8 text; save"),
        (b"\xff\xfex", "anna.py:1: is not utf-16-le text; save"),
        (b"# coding: klingon\n", "declares the encoding 'klingon', which is not read here; save"),
        (b"# coding: undefined\n", "declares the encoding 'undefined'"),
        (b"# coding: punycode\n", "declares the encoding 'punycode'"),
        (b"# coding: rot13\n", "declares the encoding 'rot13'"),
        (b"\n# coding: utf-7\n", "declares the encoding 'utf-7'"),
        (b"x = 1\ny = '\0'\n", "anna.py:2: holds a NUL character; save the file as UTF-8 text"),
        (b"{\\rtf1\\ansi x = 1}", r"is formatted text \(RTF\), not Python; save it as plain text"),
        (b"%PDF-1.7", "is a PDF, not Python; hand in the code itself"),
        (b"PK\3\4", "is a zip, or a document of an office program, not Python"),
        (b"\n<!DOCTYPE html>\n<html>", "is a web page, not Python; download the file itself"),
        (b"#" * (MAX_SOURCE + 1), "larger than 1 MiB"),
    ],
)
def test_unreadable_text_is_refused(folder: Path, data: bytes, complaint: str) -> None:
    """What Python could not read either is refused with its place and what to do."""
    (folder / "anna.py").write_bytes(data)
    with pytest.raises(SubmissionError, match=complaint):
        source(find(folder, "anna"), Wanted("backprop.py"))


def test_names_that_can_not_be_printed_are_escaped(folder: Path) -> None:
    """A line break or a lone surrogate in a name is shown as Python writes it."""
    for name in ("two\nlines", "sur\udcffrogate"):
        (folder / name).mkdir()
    names = [one.name for one in submissions(folder)]
    assert "two\\nlines" in names
    assert "sur\\udcffrogate" in names


@pytest.mark.parametrize("name", ["علی\u200cرضا", "👩\u200d👧 Müller", "क्\u200dष"])
def test_names_keep_what_joins_their_letters(folder: Path, name: str) -> None:
    """Persian, Indic scripts and emoji are spelt with joiners, which change nothing around them."""
    (folder / name).mkdir()
    assert name in [one.name for one in submissions(folder)]
    assert one_line(name) == name


def test_only_regular_files_inside_the_folder_are_read(folder: Path, tmp_path: Path) -> None:
    """A missing file, a folder, a pipe, a link in a circle and every way out of the folder are refused."""
    (tmp_path / "answers.py").write_text("secret = 1\n")
    carl = folder / "carl"
    os.mkfifo(carl / "pipe.py")
    (carl / "folder.py").mkdir()
    (carl / "link.py").symlink_to(tmp_path / "answers.py")
    (carl / "way_out").symlink_to(tmp_path)
    (carl / "circle.py").symlink_to("circle.py")
    (folder / "carla").mkdir()
    (folder / "carla" / "backprop.py").write_text("secret = 1\n")
    complaints = {
        "missing.py": "no such file",
        "folder.py": "can't be read: Is a directory|not a regular file",
        "pipe.py": "not a regular file",
        "link.py": "lies outside submissions/carl",
        "way_out/answers.py": "lies outside",
        "../anna.py": "lies outside",
        "../carla/backprop.py": "lies outside",
        "circle.py": "can't be read",
    }
    for file, complaint in complaints.items():
        with pytest.raises(SubmissionError, match=complaint):
            source(find(folder, "carl"), Wanted(file))


def test_a_link_within_the_folder_is_followed(folder: Path) -> None:
    """A link to a file of the same submission is that file."""
    (folder / "carl" / "link.py").symlink_to("backprop.py")
    assert source(find(folder, "carl"), Wanted("link.py"))[0] == "def backprop(): ...\n"
