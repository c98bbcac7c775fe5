"""How far a right number may be off."""

from __future__ import annotations

import numpy as np

DOUBLE = 1e-9
"""How far float64 may be off, relative to the quantity's largest entry."""

SINGLE = 1e-5
"""The same for float32."""

EPS_SINGLE = float(np.finfo(np.float32).eps)

UNIT_SINGLE = EPS_SINGLE / 2
"""The unit roundoff of float32: how far one rounding is off at most, relative to the number."""

LARGEST_EPSILON = 1e-2
"""No larger constant in a logarithm or quotient is called an epsilon."""

EXPLAINED = 3
"""How many wrong numbers one epsilon must explain, to be more than a coincidence."""
