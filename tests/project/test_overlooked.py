"""Specs that nobody collects: pytest says which line is missing, and where to put it."""

from __future__ import annotations

from pathlib import Path

import pytest

import whole_package  # noqa: F401
from exercise import RIGHT, SPEC, exercise
from gradcheck.project.overlooked import advice

LEAN = "-pno:hypothesispytest"


@pytest.fixture(autouse=True)
def project(pytester: pytest.Pytester) -> Path:
    """A project with a spec that no configuration knows of, and a file of YAML that is none."""
    exercise(pytester.path, right=RIGHT)
    (pytester.path / "compose.yaml").write_text("services: {}\nnetworks: {}\n", encoding="utf-8")
    return pytester.path


@pytest.mark.parametrize("arguments", [["specs"], ["specs/layer.yaml"], []], ids=["folder", "file", "-"])
def test_a_project_without_configuration(pytester: pytest.Pytester, arguments: list[str]) -> None:
    """The whole file to write; with it, the same call collects the spec."""
    result = pytester.runpytest_inprocess(LEAN, *arguments)
    assert result.ret in (pytest.ExitCode.NO_TESTS_COLLECTED, pytest.ExitCode.USAGE_ERROR)
    file = pytester.path / "pytest.ini"
    result.stdout.fnmatch_lines(
        [
            "*specs that are not collected*",
            "specs/layer.yaml is a spec, and is not collected: nothing names their folder as gradcheck_specs",
            f"write a file {file}:",
            "    [[]pytest]",
            "    gradcheck_specs = specs",
        ]
    )
    assert "compose" not in result.stdout.str()
    file.write_text("[pytest]\ngradcheck_specs = specs\n", encoding="utf-8")
    again = pytester.runpytest_inprocess(LEAN, "--collect-only", "-q", *arguments)
    assert again.ret == 0
    assert "not collected" not in again.stdout.str()


@pytest.mark.slow
def test_a_project_that_configures_something_else(pytester: pytest.Pytester) -> None:
    """The line for its file and table; also beside tests that are collected, where the folder was named."""
    pytester.makepyprojecttoml("[tool.pytest.ini_options]\naddopts = '-q'\n")
    pytester.makepyfile("def test_one(): ...")
    line = f"add to {pytester.path / 'pyproject.toml'}, under [[]tool.pytest.ini_options]:"
    result = pytester.runpytest_inprocess(LEAN, "specs", ".")
    result.stdout.fnmatch_lines([line, '    gradcheck_specs = "specs"'])
    assert "not collected" not in pytester.runpytest_inprocess(LEAN).stdout.str()
    assert "not collected" not in pytester.runpytest_inprocess(LEAN, ".").stdout.str()


@pytest.mark.slow
def test_a_project_that_names_another_folder(pytester: pytest.Pytester) -> None:
    """The line with both folders, at its own place."""
    pytester.makeini("[pytest]\naddopts = -q\ngradcheck_specs = others\n")
    result = pytester.runpytest_inprocess(LEAN, "specs")
    place = f"write in {pytester.path / 'tox.ini'}:3:"
    result.stdout.fnmatch_lines([place, "    gradcheck_specs = others specs"])


@pytest.mark.slow
def test_the_advice_is_printed_under_xdist_too(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("-n", "1", "specs")
    result.stdout.fnmatch_lines(["    gradcheck_specs = specs"])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.yaml", SPEC.replace("sigmoid}", "sigmiod}")),
        ("short.yml", "check: [dW1]\nnetwork :\n"),
        ("odd name; 'x'.yaml", SPEC),
    ],
)
def test_what_looks_like_a_spec(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert advice([tmp_path], [], tmp_path, deep=False).startswith(f"{name} is a spec")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.yaml", b"check: 1\n"), ("a.txt", SPEC.encode()), ("a.yaml", b"\xff\0"), ("a.yaml", b"")],
)
def test_what_does_not(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert advice([tmp_path], [], tmp_path, deep=True) == ""
