"""All attacks."""

from __future__ import annotations

import breaking
import escaping
import exhausting
import fooling
import forging
import stealing

FAMILIES = {
    family.__name__: family.ATTACKS for family in (stealing, fooling, breaking, forging, exhausting, escaping)
}
ATTACKS = tuple(attack for attacks in FAMILIES.values() for attack in attacks)
