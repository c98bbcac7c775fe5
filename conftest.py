"""For every test run from the root: pytester for the plugin's tests, and a cache of its own."""

from __future__ import annotations

import os

import numpy as np  # noqa: F401 (pytester forgets modules that are first imported inside a test)
import pytest
import torch  # noqa: F401

pytest_plugins = ["pytester"]


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests neither read nor fill the user's cache of kept truths."""
    os.environ["GRADCHECK_CACHE"] = str(tmp_path_factory.mktemp("cache"))
