"""Formats and systems are found by their files, and loaded when they are asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gradcheck.cli import main
from gradcheck.formats import grades, reports, systems
from gradcheck.formats.discovery import Registry

REGISTRIES: dict[str, Registry[Any]] = {
    "reports": reports.FORMATS,
    "grades": grades.FORMATS,
    "systems": systems.SYSTEMS,
}


@pytest.mark.parametrize("package", REGISTRIES)
def test_every_file_is_an_entry(package: str) -> None:
    """Each declares in a few words what it is; nothing else lies in the folder."""
    registry = REGISTRIES[package]
    folder = Path(sys.modules[f"gradcheck.formats.{package}"].__file__ or "").parent
    modules = {path.stem.replace("_", "-") for path in folder.glob("*.py")} - {"--init--"}
    assert set(registry) == modules
    assert len(registry) == len(modules)
    for name in registry:
        about = registry[name].about
        assert about
        assert "\n" not in about
    assert len({registry[name].about for name in registry}) == len(registry)


def test_people_first() -> None:
    """What most want comes first, the rest by name."""
    for package, first in (("reports", ["text", "json"]), ("grades", ["csv", "json"]), ("systems", [])):
        names = list(REGISTRIES[package])
        assert names == [*first, *sorted(set(names) - {*first})]


def test_an_entry_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module beside the others is an entry, by its name with a dash; it is imported when it is used."""
    (tmp_path / "forms").mkdir()
    for name, text in (("__init__", ""), ("_helper", "1/0"), ("a_b", "FORM = 'one'"), ("broken", "1/0")):
        (tmp_path / "forms" / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    forms = Registry[str]("forms", str(tmp_path / "forms" / "__init__.py"), "FORM", first=("broken",))
    assert list(forms) == ["broken", "a-b"]
    assert forms["a-b"] == "one"
    assert "a_b" not in forms
    with pytest.raises(KeyError):
        forms["a_b"]


def test_the_help_names_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Every format is a choice of --format, every system one of `gradcheck export`."""
    for command, package in (([], "reports"), (["gradebook"], "grades"), (["export"], "systems")):
        with pytest.raises(SystemExit):
            main([*command, "--help"])
        text = " ".join(capsys.readouterr().out.split())
        assert not [name for name in REGISTRIES[package] if name not in text]


def test_names_cost_no_import() -> None:
    code = (
        "import sys; from gradcheck.formats import grades, reports, systems\n"
        "names = [*grades.FORMATS, *reports.FORMATS, *systems.SYSTEMS]\n"
        "print(len(names), [one for one in sys.modules if one.startswith('gradcheck.formats')])"
    )
    shown = subprocess.check_output([sys.executable, "-c", code], text=True)
    packages = ["gradcheck.formats", *(f"gradcheck.formats.{one}" for one in ("discovery", *REGISTRIES))]
    assert sorted(eval(shown.partition(" ")[2])) == sorted(packages)
