"""`--watch`: the report again at every save, until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from gradcheck.commands import output, status
from gradcheck.errors import UsageError
from gradcheck.report.color import use_color
from gradcheck.text import amount
from gradcheck.watching.files import PAUSE, State, settled, state
from gradcheck.watching.since import Standing, since

RUNNING = 1.0
"""Seconds after which it is said that there is no report yet."""
PATIENCE = 1.0
"""Seconds that code may run on once its file was saved again."""
CLEAR = "\x1b[H\x1b[2J"
ENDED, GONE = "ended", "gone"
"""Keys of what is said of code that has ended its process, and of a judge that has, with its status."""

Answer = dict[str, Any]


def watch(options: argparse.Namespace, arguments: Sequence[str]) -> int:
    """Check at every save. Ctrl-C is how it ends: status 0. Raises UsageError where it can't be done."""
    if options.format != "text" or options.output:
        raise UsageError("--watch shows reports on the terminal: leave out --format and --output")
    if options.sandbox:
        raise UsageError("--watch is for your own code: leave out --sandbox")
    with contextlib.closing(_Session(options, arguments)) as session:
        try:
            return session.run()
        except KeyboardInterrupt:
            return status.ALL_RIGHT


class _Judge:
    """The process that judges, see gradcheck.commands.judge; started ahead of what it is asked."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self.answers: SimpleQueue[Answer] = SimpleQueue()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gradcheck.commands.judge", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for this process
        )
        Thread(target=self._listen, daemon=True).start()

    def ask(self, *, color: bool) -> None:
        """Have it judge once."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it is gone, and says so itself
            self._process.stdin.write(json.dumps({"color": color, "width": output.width()}) + "\n")
            self._process.stdin.flush()

    def close(self) -> None:
        """Let it end, whatever it does; it tidies up by itself."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def wait(self) -> None:
        """Until it has ended."""
        self._process.wait()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self.answers.put(json.loads(line))
        self.answers.put({GONE: self._process.wait()})


class _Session:
    """Everything between the first report and Ctrl-C."""

    def __init__(self, options: argparse.Namespace, arguments: Sequence[str]) -> None:
        self._color = use_color(options.color, sys.stdout)
        self._clears = sys.stdout.isatty()
        self._arguments = [argument for argument in arguments if argument != "--watch"]
        self._judge = _Judge(self._arguments)
        self._paths: set[Path] = set()
        self._seen: State = {}
        self._begun: float | None = None
        """When the code began to run for the answer that is waited for."""
        self._waiting = self._is_over = self._says_running = False
        self._standing: Standing | None = None
        self._shown = 0

    def close(self) -> None:
        """End the process that judges."""
        self._judge.close()
        with contextlib.suppress(KeyboardInterrupt):  # somebody is in a hurry
            self._judge.wait()

    def run(self) -> int:
        """Until Ctrl-C; the status where there is nothing to wait for."""
        self._ask()
        while True:
            with contextlib.suppress(Empty):
                self._take(self._judge.answers.get(timeout=PAUSE))
            if self._is_over:
                return status.COULD_NOT_JUDGE
            if self._waiting and self._runs_for(RUNNING):
                self._say_that_it_runs()
            if not self._waiting or self._runs_for(PATIENCE):
                self._look()

    def _say_that_it_runs(self) -> None:
        """Once for each time that the code runs."""
        if not self._says_running:
            self._says_running = True
            now = time.strftime("%H:%M:%S")
            output.show(f"{now}  your code is being run and judged  (a save begins anew; Ctrl-C ends)")
            sys.stdout.flush()

    def _look(self) -> None:
        """Ask again where something was saved."""
        now = state(self._paths)
        if now == self._seen:
            return
        self._seen = settled(self._paths, self._seen, now)
        if self._waiting:
            self._judge.close()
            self._judge = _Judge(self._arguments)
        self._ask()

    def _ask(self) -> None:
        self._judge.ask(color=self._color)
        self._waiting, self._begun, self._says_running = True, None, False

    def _runs_for(self, seconds: float) -> bool:
        """Whether the code has been running for longer than that."""
        return self._begun is not None and time.monotonic() - self._begun > seconds

    def _take(self, answer: Answer) -> None:
        """Take note of what the judge says."""
        if "watched" in answer:
            self._begun = time.monotonic()
            self._paths |= {Path(path) for path in answer["watched"]}
            self._seen = {**state(self._paths), **self._seen}
        elif ENDED in answer or GONE in answer:
            self._take_end(answer)
        elif self._shown or not _is_final(answer, begun=bool(self._paths)):
            self._waiting = False
            self._show(answer["text"], self._news(answer))
        else:
            output.show(answer["text"], sys.stderr)
            self._is_over = True

    def _take_end(self, answer: Answer) -> None:
        """The code has ended its process without an answer, or the judge its own."""
        number = answer.get(ENDED, answer.get(GONE))
        if self._waiting and self._paths:
            self._waiting = False
            self._show("", f"the code ended its process, with status {number}, before it answered")
        elif self._waiting:  # it could not even begin
            self._is_over = True
        if GONE in answer and not self._is_over:
            self._judge = _Judge(self._arguments)

    def _news(self, answer: Answer) -> str:
        """What has changed since the last save; a failure is no step back."""
        if answer.get("error") or not answer["standing"]:
            return "nothing to judge yet"
        if answer["failure"]:
            return f"the code fails: {answer['failure']}"
        before, self._standing = self._standing, answer["standing"]
        return since(before, answer["standing"])

    def _show(self, text: str, news: str) -> None:
        """The report, and under it the time and the news, on one line."""
        if self._clears:
            print(CLEAR, end="")
        files = amount(len(self._seen), "file")
        line = f"{time.strftime('%H:%M:%S')}  {news}  ({files} watched; Ctrl-C ends)"
        output.show(f"{text}\n\n{line}" if text else line)
        if not self._clears:
            print()
        sys.stdout.flush()
        self._shown += 1


def _is_final(answer: Answer, *, begun: bool) -> bool:
    """Whether a first answer leaves nothing to wait for: no such file, or an option without sense."""
    return "error" in answer and (not begun or answer["error"] == UsageError.__name__)
