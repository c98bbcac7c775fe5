"""A derivation's judgement as plain data, for programs.

`version` (1: it grows only by new keys), `gradcheck`, `source`, `spec`, `dialect`, `standing`, `claims`
and `unread`. A claim has the fields of `gradcheck.derivation.records.Judged`, a piece that can't be read
those of `Complaint`; standings are "right", "wrong", "cannot tell", "defined" and "said".
"""

from __future__ import annotations

import json
from dataclasses import asdict

from gradcheck import __version__
from gradcheck.derivation.records import Derivation

VERSION = 1
"""Of the format."""


def dumps(derivation: Derivation) -> str:
    """The judgement as JSON text."""
    data = {
        "version": VERSION,
        "gradcheck": __version__,
        "standing": derivation.standing,
        **asdict(derivation),
    }
    return json.dumps(data, ensure_ascii=False, indent=2)
