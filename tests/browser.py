"""A page in a real browser: what its script does, what keys do, what it looks like."""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: it is not installed")
_AXE = find_spec("axe_core_python")
needs_axe = pytest.mark.skipif(_AXE is None, reason="needs axe: it is not installed")

_FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--remote-debugging-pipe",
]
_PATIENCE = 300.0
"""Seconds for an answer that is not under test."""
_KEYS = {"Tab": 9, "Enter": 13, " ": 32}


class Page:
    """One page, by the protocol of Chromium's developer tools (chromedevtools.github.io)."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._rest = b""
        self._number = 0
        self._session: dict[str, str] = {}
        self.complaints: list[str] = []
        """What the browser's console says is wrong."""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": attached["sessionId"]}
        self._ask("Page.enable")
        self._ask("Log.enable")
        self._ask("Runtime.enable")

    def open(self, path: Path, width: int = 1280, height: int = 900) -> None:
        """Show a file in a window of that size."""
        self.visit(path.as_uri(), width, height)

    def visit(self, url: str, width: int = 1280, height: int = 900) -> None:
        """The same of an address."""
        self.resize(width, height)
        self._ask("Page.navigate", url=url)
        self._wait("Page.loadEventFired")

    def resize(self, width: int, height: int) -> None:
        """Of a phone, where it is narrow."""
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )

    def prefer(self, scheme: Literal["light", "dark"]) -> None:
        """Have the reader prefer light or dark pages."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self._ask("Emulation.setEmulatedMedia", features=[feature])

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        answer = self._ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """A key, down and up, wherever the focus is."""
        text = {"Enter": "\r", " ": " "}.get(key, "" if len(key) > 1 else key)
        code = _KEYS.get(key, ord(key[0]))
        common = {"key": key, "windowsVirtualKeyCode": code}
        self._ask("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        self._ask("Input.dispatchKeyEvent", type="keyUp", **common)

    def screenshot(self, path: Path) -> None:
        """All of the page as PNG."""
        path.write_bytes(b64decode(self._ask("Page.captureScreenshot", captureBeyondViewport=True)["data"]))

    def printed(self) -> bytes:
        """All of the page as PDF."""
        return b64decode(self._ask("Page.printToPDF")["data"])

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        command = {"id": self._number, "method": method, "params": parameters, **self._session}
        data = json.dumps(command).encode() + b"\0"
        while data:
            data = data[os.write(self._commands, data) :]
        while (message := self._read()).get("id") != self._number:
            self._note(message)
        assert "error" not in message, f"{method}: {message['error']}"
        result: dict[str, Any] = message["result"]
        return result

    def _wait(self, event: str) -> None:
        while (message := self._read()).get("method") != event:
            self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        if message.get("method") == "Log.entryAdded":
            self.complaints.append(message["params"]["entry"]["text"])
        if message.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(str(message["params"]["exceptionDetails"]))

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._answers], [], [], _PATIENCE)
            assert ready, "Chromium does not answer"
            piece = os.read(self._answers, 1 << 16)
            assert piece, "Chromium has ended"
            self._rest += piece
        first, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(first)
        return message


def barriers(page: Page) -> list[str]:
    """What axe-core finds wrong for those who hear a page, use keys or see little; all is opened before."""
    page.run("for (const one of document.querySelectorAll('details')) one.open = true")
    page.run(f"{_axe()}; undefined")
    found = page.run("axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations)")
    return [f"{one['id']}: {node['failureSummary']} {node['html']}" for one in found for node in one["nodes"]]


@cache
def _axe() -> str:
    assert _AXE is not None
    assert _AXE.origin is not None
    return Path(_AXE.origin).with_name("axe.min.js").read_text(encoding="utf-8")


@contextmanager
def browser(folder: Path) -> Iterator[Page]:
    """A page of a fresh browser, which keeps its things in that folder."""
    for_browser, commands = os.pipe()
    answers, from_browser = os.pipe()
    process = subprocess.Popen(
        [str(CHROMIUM), *_FLAGS, f"--user-data-dir={folder / 'profile'}"],
        preexec_fn=partial(_connect, for_browser, from_browser),
        pass_fds=(3, 4),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(for_browser)
    os.close(from_browser)
    try:
        yield Page(commands, answers)
    finally:
        os.close(commands)  # at which it ends
        try:
            process.wait(_PATIENCE)
        finally:
            process.kill()
            process.wait()
            os.close(answers)


def _connect(commands: int, answers: int) -> None:
    """In the browser's process: it reads commands from descriptor 3, and answers on 4."""
    commands, answers = (fcntl.fcntl(one, fcntl.F_DUPFD, 10) for one in (commands, answers))
    os.dup2(commands, 3)
    os.dup2(answers, 4)
