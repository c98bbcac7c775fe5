"""How much of a diagnosis a report shows: an option that several commands and the plugin have."""

from __future__ import annotations

from typing import Any

SETTINGS: dict[str, Any] = {
    "choices": ("where", "hint", "full"),
    "help": "how much is said of a mistake (default: what the spec says)",
}
"""Of --feedback, as argparse and pytest take them."""
