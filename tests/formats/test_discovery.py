"""Formats and systems are found by their files, and loaded when they are asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gradcheck.cli import main
from gradcheck.formats import reports, systems


def test_people_first() -> None:
    assert reports.NAMES[:2] == ("text", "json")
    assert list(reports.NAMES[2:]) == sorted(reports.NAMES[2:])


@pytest.mark.parametrize("name", reports.NAMES)
def test_formats_declare_themselves(name: str) -> None:
    form = reports.report_format(name)
    assert form.suffix.startswith(".")
    assert "\n" not in form.about


@pytest.mark.parametrize("name", systems.NAMES)
def test_systems_declare_themselves(name: str) -> None:
    target = systems.system(name)
    assert target.about
    assert target.next


def test_the_help_names_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Every format is a choice of --format, every system one of `gradcheck export`."""
    for arguments, names in ((["--help"], reports.NAMES), (["export", "--help"], systems.NAMES)):
        with pytest.raises(SystemExit):
            main(arguments)
        text = " ".join(capsys.readouterr().out.split())
        assert not [name for name in names if name not in text]


def test_names_cost_no_import() -> None:
    code = "import sys; from gradcheck.formats.reports import NAMES; print(NAMES and 'numpy' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"
