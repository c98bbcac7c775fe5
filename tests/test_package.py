"""The package as others see it: its names, and how little its import costs."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from pkgutil import walk_packages
from runpy import run_path
from types import SimpleNamespace

import pytest

import gradcheck

ROOT = Path(__file__).parent.parent


def test_public_names() -> None:
    """These and no more, each at hand, and again when all modules of the package are imported."""
    assert gradcheck.__all__ == ["Formulas", "Report", "check", "formula", "gradcheck"]
    assert {name for name in dir(gradcheck) if not name.startswith("_")} == set(gradcheck.__all__)
    for module in walk_packages(gradcheck.__path__, "gradcheck."):
        import_module(module.name)
    assert all(callable(getattr(gradcheck, name)) for name in gradcheck.__all__)


def test_an_unknown_name() -> None:
    """A name that isn't there is an AttributeError, as of any module, and hasattr knows."""
    with pytest.raises(AttributeError, match="module 'gradcheck' has no attribute 'grade'"):
        gradcheck.grade  # noqa: B018
    assert not hasattr(gradcheck, "grade")


@pytest.mark.slow
@pytest.mark.parametrize(
    "module", ["gradcheck", "gradcheck.pytest_plugin", "gradcheck.cli", "gradcheck.errors"]
)
def test_imports_are_light(module: str) -> None:
    """What pytest and the command load first brings nothing heavy along."""
    heavy = {"numpy", "torch", "pydantic", "yaml", "asyncio", "multiprocessing"}
    if module == "gradcheck.pytest_plugin":
        heavy -= {"asyncio", "multiprocessing"}  # pytest's own affair
    code = f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"


def test_entry_points() -> None:
    """Installed, the package brings the command and the pytest plugin."""
    found = {(entry.group, entry.value) for entry in entry_points(name="gradcheck")}
    assert ("console_scripts", "gradcheck.entry:command") in found
    assert ("pytest11", "gradcheck.pytest_plugin") in found


def test_one_version() -> None:
    """The version that reports carry is the one that the package is built with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == gradcheck.__version__


@pytest.mark.slow
def test_a_package_called_harness_is_left_alone(pytester: pytest.Pytester) -> None:
    """A project's own package of the name of a folder here is what its tests import, and pytest starts."""
    pytester.mkpydir("harness").joinpath("engine.py").write_text("POWER = 9\n", encoding="utf-8")
    pytester.makepyfile(
        """
        from harness.engine import POWER

        def test_power(gradcheck):
            gradcheck(lambda x: x**2, lambda x: 2 * x, float(POWER))
        """
    )
    pytester.makeini("[pytest]\npythonpath = .\n")
    assert pytester.runpytest_subprocess().ret == 0


def test_links_on_an_index_lead_to_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """No link of the README that the package carries is relative; it is otherwise the README."""
    given: dict[str, str] = {}
    monkeypatch.setitem(sys.modules, "setuptools", SimpleNamespace(setup=given.update))
    run_path(str(ROOT / "setup.py"))
    shown = given["long_description"]
    source = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Source"]
    targets = re.findall(r"\]\(([^)]+)\)", shown)
    assert f"{source}/blob/main/docs/specs.md" in targets
    assert all(target.startswith("https://") for target in targets)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert shown.replace(f"{source}/blob/main/", "").strip() == readme.strip()


def test_a_source_distribution_holds_what_tests_read() -> None:
    """Nothing is left out of it, with all that lies in it, that a test names."""
    lines = (ROOT / "MANIFEST.in").read_text(encoding="utf-8").splitlines()
    left_out = [line.removeprefix("prune ") for line in lines if line.startswith("prune ")]
    named = re.findall(r'"((?:benchmarks|docs|specs|submissions)/[^"]*)"', "\n".join(_sources()))
    assert left_out
    assert named
    assert not [(name, out) for name in named for out in left_out if f"{name}/".startswith(f"{out}/")]


def _sources() -> Iterator[str]:
    for file in (ROOT / "tests").rglob("*.py"):
        yield file.read_text(encoding="utf-8", errors="replace")  # some are submissions in other encodings
