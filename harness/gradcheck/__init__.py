"""gradcheck: checks gradients derived by hand, weight by weight, in the learner's own notation.

`check` holds a submission against a spec, `gradcheck` a function's gradient against difference
quotients, and `formula` tries the steps of a derivation on paper. Importing this package is cheap: NumPy
and the rest come with the first call.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # typing's, whose import would take longer than all of `gradcheck --help`
if TYPE_CHECKING:
    from typing import Any

    from gradcheck.api import Formulas, Report, check, formula, gradcheck

__all__ = ["Formulas", "Report", "check", "formula", "gradcheck"]
__version__ = "0.1.0"


_MODULES = dict.fromkeys(__all__, "gradcheck.api") | {"load_ipython_extension": "gradcheck.magic"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
