"""For every test run from the root: pytester for the plugin's tests, and a cache of its own."""

from __future__ import annotations

import contextlib
import os
from importlib import import_module

import pytest

pytest_plugins = ["pytester"]

with contextlib.suppress(ModuleNotFoundError):  # specs are graded without what development needs
    from hypothesis import settings

    # Nothing is timed in tests: a busy machine is no fault of the code.
    settings.register_profile("untimed", deadline=None)
    settings.load_profile("untimed")


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests neither read nor fill the user's cache of kept truths."""
    os.environ["GRADCHECK_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(autouse=True, scope="session")
def _loaded() -> None:
    """Modules that can't be imported a second time, as pytester would have it, are imported first."""
    for name in ("numpy", "torch"):
        import_module(name)
