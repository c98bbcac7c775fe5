"""Settings of a project: what pytest says of the same folder, or an error with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from gradcheck.errors import UsageError
from gradcheck.project.settings import Settings, missing, settings

INI = "[pytest]\ngradcheck_specs = specs\n"
OPTIONS = '[tool.pytest.ini_options]\ngradcheck_specs = "specs"\n'
LAYOUTS: dict[str, Mapping[str, str]] = {
    "nothing": {},
    "pytest.ini": {"pytest.ini": INI + "gradcheck_submissions = handed in\n"},
    "a hidden file": {".pytest.ini": INI},
    "an empty pytest.ini": {"pytest.ini": "", "pyproject.toml": OPTIONS},
    "ini_options": {"pyproject.toml": OPTIONS + 'gradcheck_submissions = "work"\n'},
    "a list": {"pyproject.toml": '[tool.pytest.ini_options]\ngradcheck_specs = ["a b", "c"]\n'},
    "several": {"pytest.ini": "[pytest]\ngradcheck_specs = 'a b' c\n  d  # kept\n"},
    "TOML's types": {"pyproject.toml": '[tool.pytest]\ngradcheck_specs = ["specs", "more"]\n'},
    "pytest.toml": {"pytest.toml": '[pytest]\ngradcheck_specs = ["specs"]\n', "pytest.ini": INI},
    "an empty pytest.toml": {"pytest.toml": "", "setup.cfg": INI.replace("pytest", "tool:pytest")},
    "tox.ini": {"tox.ini": INI, "pyproject.toml": "[project]\nname = 'x'\n"},
    "tox.ini of others": {"tox.ini": "[tox]\n", "setup.cfg": "[tool:pytest]\ngradcheck_specs = specs\n"},
    "setup.cfg": {"setup.cfg": "[tool:pytest]\ngradcheck_specs: specs\n"},
    "two files": {"pyproject.toml": OPTIONS, "tox.ini": INI.replace("specs\n", "others\n")},
    "nothing said": {"pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-q'\n"},
    "an empty value": {"pytest.ini": "[pytest]\ngradcheck_specs =\n"},
    "outside": {"pytest.ini": "[pytest]\ngradcheck_specs = ../specs /elsewhere/specs\n"},
    "a table of others": {"inner/pyproject.toml": "[tool.black]\n", "pytest.ini": INI},
    "the inner one counts": {"inner/pytest.ini": "[pytest]\n", "pytest.ini": INI},
    "percent": {"pytest.ini": "[pytest]\ngradcheck_specs = %(here)s/100%\n"},
}


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("inner", [False, True], ids=["here", "below"])
@pytest.mark.parametrize("files", LAYOUTS.values(), ids=LAYOUTS)
def test_they_are_what_pytest_reads(
    files: Mapping[str, str], inner: bool, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same folders, from a project's root and from a folder in it."""
    write(pytester.path, files)
    folder = pytester.mkdir("inner") if inner and not (pytester.path / "inner").exists() else pytester.path
    folder = pytester.path / "inner" if inner else folder
    monkeypatch.chdir(folder)
    config = pytester.parseconfig()
    here = settings(folder)
    if config.inipath is None:
        assert here is None or not here.specs
        return
    assert here is not None
    assert [*here.specs] == config.getini("gradcheck_specs")
    assert here.submissions == config.rootpath / config.getini("gradcheck_submissions")


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("pyproject.toml", OPTIONS.replace('"', ""), ":2:19: is not TOML: Invalid"),
        ("pyproject.toml", "[tool.pytest]\n\ngradcheck_specs = 'specs'\n", ":3: gradcheck_specs is "),
        ("pyproject.toml", "[tool.pytest]\ngradcheck_specs = [1]\n", ":2: gradcheck_specs is [1]; "),
        ("pytest.ini", "[pytest]\ngradcheck_specs = 'a\n", ":2: gradcheck_specs can't be read: No closing"),
        ("pytest.ini", "[pytest]\nx = 1\ngradcheck_spec = a\n", ":3: there is no setting gradcheck_spec; "),
        ("pytest.ini", "[pytest]\ngradcheck_specs = a\ngradcheck_specs = b\n", ":3: duplicate name"),
        ("pytest.ini", "gradcheck_specs = a\n", ":1: no section header"),
        ("setup.cfg", "\n[pytest]\ngradcheck_specs = a\n", ":2: in setup.cfg pytest's section is"),
        ("pytest.toml", "[pytest]\ngradcheck_submissions = 1\n", ":2: gradcheck_submissions is"),
        ("pyproject.toml", "[tool.pytest]\na = 1\n" + OPTIONS, ": has both [tool.pytest] and"),
    ],
)
def test_what_makes_no_sense(name: str, text: str, complaint: str, tmp_path: Path) -> None:
    """The error begins with the file and, where it has one, the line."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        settings(tmp_path)
    assert str(error.value).startswith(f"{tmp_path / name}{complaint}")


def test_what_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_bytes(b"[pytest]\n\xff\n")
    with pytest.raises(UsageError, match="is not UTF-8 text"):
        settings(tmp_path)


@pytest.mark.parametrize("files", LAYOUTS.values(), ids=LAYOUTS)
def test_what_is_advised_helps(files: Mapping[str, str], tmp_path: Path) -> None:
    """Where the line that is asked for is written as the advice says, the specs are known."""
    write(tmp_path, files)
    before = settings(tmp_path)
    if before is not None and before.specs:
        return
    where, _, lines = missing(tmp_path, ["my specs", 'o"dd']).partition("\n\n")
    text = "\n".join(line.strip() for line in lines.split("\n"))
    if where.startswith("write a file "):
        Path(where.removeprefix("write a file ").removesuffix(":")).write_text(text + "\n", encoding="utf-8")
    elif where.startswith("add to "):
        file, _, header = where.removeprefix("add to ").partition(", under ")
        _add(Path(file), header[: header.index("]") + 1], text)
    else:
        file, _, number = where.removeprefix("write in ").removesuffix(":").rpartition(":")
        written = Path(file).read_text(encoding="utf-8").split("\n")
        written[int(number) - 1] = text
        Path(file).write_text("\n".join(written), encoding="utf-8")
    after = settings(tmp_path)
    assert isinstance(after, Settings)
    assert after.specs == (tmp_path / "my specs", tmp_path / 'o"dd')


def _add(file: Path, header: str, line: str) -> None:
    written = file.read_text(encoding="utf-8")
    if header in written:
        written = written.replace(f"{header}\n", f"{header}\n{line}\n")
    else:
        written += f"\n{header}\n{line}\n"
    file.write_text(written, encoding="utf-8")
