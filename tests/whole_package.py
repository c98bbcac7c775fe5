"""Imports every module of the package, for tests that run pytest within their own process.

pytester forgets modules that are first imported inside a test: two of each would be about.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages

import gradcheck

for module in walk_packages(gradcheck.__path__, "gradcheck."):
    import_module(module.name)
