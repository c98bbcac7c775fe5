"""How a save is seen."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from gradcheck.watching.files import settled, state


def test_every_change_is_seen(tmp_path: Path) -> None:
    """Of content, of length, of time, of the file itself, of what a folder holds."""
    file = tmp_path / "a.py"
    file.write_text("x = 1\n", encoding="utf-8")
    states = [state([tmp_path])]
    file.write_text("x = 12\n", encoding="utf-8")
    states.append(state([tmp_path]))
    os.utime(file, ns=(1, 1))
    states.append(state([tmp_path]))
    new = tmp_path / "b.py"
    new.write_text("x = 13\n", encoding="utf-8")
    states.append(state([tmp_path]))
    os.utime(new, ns=(1, 1))
    new.replace(file)
    states.append(state([tmp_path]))
    file.unlink()
    states.append(state([tmp_path]))
    assert all(one != other for n, one in enumerate(states) for other in states[:n])
    assert states[-1] == {}


def test_what_is_not_looked_at(tmp_path: Path) -> None:
    """Caches, hidden files, what editors keep for themselves, folders in a circle."""
    for name in ("__pycache__/a.pyc", ".git/index", "a.py~", ".a.py.swp", "a.tmp"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "circle").symlink_to(tmp_path)
    assert not [name for name in state([tmp_path]) if not name.endswith("circle")]


def test_settled_waits_for_a_slow_save(tmp_path: Path) -> None:
    """A file that is away or empty for a moment is waited for."""
    file = tmp_path / "a.py"
    file.write_text("x = 1\n", encoding="utf-8")
    before = state([file])
    file.unlink()

    def write() -> None:
        time.sleep(0.05)
        file.touch()
        time.sleep(0.05)
        file.write_text("x = 2\n", encoding="utf-8")

    writer = threading.Thread(target=write)
    writer.start()
    after = settled([file], before, {})
    writer.join()
    assert after == state([file])


def test_settled_waits_for_a_save_in_pieces(tmp_path: Path) -> None:
    """Whatever is there in between is not taken for what was saved."""
    file = tmp_path / "a.py"
    file.write_text("x = 1\n", encoding="utf-8")
    before = state([file])

    def write() -> None:
        with file.open("w", encoding="utf-8") as stream:
            for piece in ("def f(x):\n", "    return (\n", "        x\n", "    )\n"):
                stream.write(piece)
                stream.flush()
                time.sleep(0.02)

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.01)
    after = settled([file], before, state([file]))
    writer.join()
    assert after == state([file])


def test_a_file_that_is_not_whole(tmp_path: Path) -> None:
    """It is taken as it is, if a little later."""
    file = tmp_path / "a.py"
    file.write_text("x = 1\n", encoding="utf-8")
    before = state([file])
    file.write_text("def f(:\n", encoding="utf-8")
    now = state([file])
    assert settled([file], before, now) == now


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    """It is not waited for without end."""
    file = tmp_path / "a.py"
    file.write_text("x = 1\n", encoding="utf-8")
    before = state([file])
    file.unlink()
    assert settled([file], before, {}) == {}
