"""`gradcheck spec schema`: where it lies, and what editors are told of it."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

import gradcheck
from exercise import SPEC, exercise
from gradcheck.cli import main

Output = pytest.CaptureFixture[str]
LINE = "# yaml-language-server: $schema=gradcheck.schema.json"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configured project with one spec."""
    exercise(tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\ngradcheck_specs = specs\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_path(capsys: Output) -> None:
    """It lies in the package, and is what is printed without the option."""
    assert main(["spec", "schema", "--path"]) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path == Path(gradcheck.__file__).parent / "schema.json"
    assert main(["spec", "schema"]) == 0
    assert capsys.readouterr().out == path.read_text(encoding="utf-8")


def test_install(project: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy beside the specs, VS Code's settings, the line for other editors; twice changes nothing more."""
    monkeypatch.chdir(project / "submissions")
    assert main(["spec", "schema", "--install"]) == 0
    shown = capsys.readouterr().out
    settings = json.loads((project / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    ((schema, patterns),) = settings["yaml.schemas"].items()
    assert json.loads((project / schema).read_text(encoding="utf-8"))["properties"]["network"]
    assert patterns == ["specs/*.yaml", "specs/*.yml"]
    assert (project / "specs" / "layer.yaml").read_text(encoding="utf-8") == f"{LINE}\n{SPEC}"
    assert not (project / ".idea").exists()
    before = contents(project)
    assert all(str(path) in shown for path in before if path.name != "pytest.ini")
    assert main(["spec", "schema", "--install"]) == 0
    assert capsys.readouterr().out == "everything is up to date\n"
    assert contents(project) == before
    assert main(["spec", "check", str(project / "specs")]) == 0


def test_settings_that_are_there(project: Path) -> None:
    """All of them stay, with their comments."""
    path = project / ".vscode" / "settings.json"
    path.parent.mkdir()
    path.write_text('{\n  // mine\n  "yaml.schemas": {"a": "*.b"}, // too\n  "x": 1,\n}\n', encoding="utf-8")
    assert main(["spec", "schema", "--install"]) == 0
    text = path.read_text(encoding="utf-8")
    assert text.startswith('{\n  // mine\n  "yaml.schemas": {\n')
    assert text.endswith('}, // too\n  "x": 1,\n}\n')
    assert '"a": "*.b"' in text
    assert '"specs/gradcheck.schema.json": [' in text


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        (".vscode/settings.json", "{\n broken", "settings.json: there is no member at line 2, column 2; "),
        (
            ".vscode/settings.json",
            '{"yaml.schemas": 1}',
            "settings.json: yaml.schemas is not an object; correct it",
        ),
        (".vscode/settings.json", "\xff", "settings.json: is not UTF-8 text"),
        (".idea/jsonSchemas.xml", "<project/>", "jsonSchemas.xml: has mappings already; add "),
        ("pytest.ini", "[pytest]\n", "no configuration says where the specs are: add to "),
        ("pytest.ini", "[pytest]\ngradcheck_specs = no\n", "pytest.ini:2: none of these folders exists"),
    ],
)
def test_what_cannot_be_changed(
    name: str, content: str, complaint: str, project: Path, capsys: Output
) -> None:
    """It is said why, and nothing is written."""
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_bytes(content.encode("latin-1"))
    before = contents(project)
    assert main(["spec", "schema", "--install"]) == 2
    assert complaint in capsys.readouterr().err
    assert contents(project) == before


def test_pycharm(project: Path, capsys: Output) -> None:
    """A mapping of the folder, where PyCharm has one of its own."""
    (project / ".idea").mkdir()
    assert main(["spec", "schema", "--install"]) == 0
    tree = ElementTree.parse(project / ".idea" / "jsonSchemas.xml")
    options = {option.get("name"): option.get("value") for option in tree.iter("option")}
    assert options["relativePathToSchema"] == "specs/gradcheck.schema.json"
    assert options["path"] == "specs"
    capsys.readouterr()
    assert main(["spec", "schema", "--install"]) == 0
    assert capsys.readouterr().out == "everything is up to date\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (SPEC, f"{LINE}\n{SPEC}"),
        (f"\ufeff{SPEC}", f"\ufeff{LINE}\n{SPEC}"),
        (SPEC.replace("\n", "\r\n"), f"{LINE}\r\n" + SPEC.replace("\n", "\r\n")),
        (f"# yaml-language-server: $schema=../gone.json\n{SPEC}", f"{LINE}\n{SPEC}"),
        (f"# yaml-language-server: $schema=https://x/y.json\n{SPEC}", None),
        (f"# yaml-language-server: $schema=../pytest.ini\n{SPEC}", None),
        (f"# mine\n{LINE}\n{SPEC}", None),
        ("", f"{LINE}\n"),
    ],
)
def test_the_line(before: str, after: str | None, project: Path) -> None:
    """In front, with the file's own ends of lines; one that leads to a schema stays."""
    path = project / "specs" / "layer.yaml"
    path.write_bytes(before.encode())
    assert main(["spec", "schema", "--install"]) == 0
    assert path.read_bytes() == (before if after is None else after).encode()


def test_several_folders(project: Path) -> None:
    """Each has its copy, and what lies deeper is told where it is."""
    (project / "pytest.ini").write_text("[pytest]\ngradcheck_specs = specs 'my specs'\n", encoding="utf-8")
    deep = project / "my specs" / "deep"
    deep.mkdir(parents=True)
    (deep / "a.yml").write_text(SPEC, encoding="utf-8")
    assert main(["spec", "schema", "--install"]) == 0
    assert (deep / "a.yml").read_text("utf-8").startswith(LINE.replace("=", "=../"))
    settings = json.loads((project / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    assert [*settings["yaml.schemas"]] == ["specs/gradcheck.schema.json", "my specs/gradcheck.schema.json"]
