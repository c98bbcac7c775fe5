"""The process behind `--watch`: it has loaded everything, and judges as often as it is asked.

    python -m gradcheck.commands.judge ARGUMENTS

A request is a line of JSON on its standard input, an answer one on its standard output. What a student's
function prints or reads goes elsewhere.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Collection, Sequence
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from traceback import format_exception
from typing import IO, TYPE_CHECKING, Any, Protocol

from gradcheck.commands import threads
from gradcheck.commands.check import extent_in, function_in, function_verdict, options_of
from gradcheck.commands.judging import load_ahead
from gradcheck.commands.target import submission_at
from gradcheck.errors import GradcheckError, SpecError
from gradcheck.submission.familiar import familiar
from gradcheck.text import muted
from gradcheck.watching.files import state
from gradcheck.watching.imports import imported, search_path

if TYPE_CHECKING:
    from gradcheck.checker import Checker
    from gradcheck.submission.runner import Runner
    from gradcheck.verdict.records import Verdict
    from gradcheck.watching.files import State

Request = dict[str, Any]
Answer = dict[str, Any]
Tell = Callable[[Answer], None]
Begin = Callable[[Collection[Path]], None]

_ANSWERED = 77
"""The exit status of a copy that has answered."""
_TORCH = re.compile(r"^[ \t]*(?:from|import)[ \t]+torch\b", re.MULTILINE)

_PATIENCE = 2.0
"""Seconds after which a process that nobody waits for any more ends, whatever it does."""


def main(arguments: list[str]) -> int:
    """Answer until nobody asks any more."""
    threads.one_each()
    options = options_of(arguments)
    requests, answers = _private_streams()
    waiting: SimpleQueue[Request | None] = SimpleQueue()
    threading.Thread(target=_listen, args=(requests, waiting), daemon=True).start()

    def tell(answer: Answer) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    try:
        if (function := function_in(options)) is None:
            _judge_submission(options, waiting, tell)
        else:
            _judge_function(_FunctionJudge(options, *function), options, waiting, tell)
    except KeyboardInterrupt:
        return 1
    return 0


def _private_streams() -> tuple[IO[str], IO[str]]:
    """Those that came with the process, which then has others: a student's code may read and print."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asks
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    streams = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return streams


def _listen(requests: IO[str], waiting: SimpleQueue[Request | None]) -> None:
    """Hand requests on; where there is nobody any more, end the process."""
    for line in requests:
        waiting.put(json.loads(line))
    waiting.put(None)
    time.sleep(_PATIENCE / 4)
    signal.raise_signal(signal.SIGTERM) if os.name == "nt" else os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_PATIENCE)
    os._exit(1)


def _judge_submission(options: argparse.Namespace, waiting: SimpleQueue[Request | None], tell: Tell) -> None:
    """Judge a submission against specs, in processes of its own."""
    from gradcheck.submission.runner import Runner

    with Runner() as runner:
        judge = _SubmissionJudge(options, runner)
        load_ahead()
        while (request := waiting.get()) is not None:
            verdicts = _answer(judge, options, request, tell)
            judge.keep_predictions(verdicts)


def _judge_function(
    judge: _FunctionJudge, options: argparse.Namespace, waiting: SimpleQueue[Request | None], tell: Tell
) -> None:
    """Judge a function, each time in a copy of this process; where there are no copies, once."""
    while (request := waiting.get()) is not None:
        judge.load_libraries()
        if not hasattr(os, "fork"):
            _answer(judge, options, request, tell)
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the other thread waits for input, and holds nothing
            child = os.fork()
        if child == 0:
            try:
                _answer(judge, options, request, tell)
                os._exit(_ANSWERED)
            finally:
                os._exit(1)
        try:
            number = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        except KeyboardInterrupt:
            os.kill(child, signal.SIGKILL)
            raise
        if number != _ANSWERED:
            tell({"text": "", "ended": number})


def _answer(judge: Judge, options: argparse.Namespace, request: Request, tell: Tell) -> list[Verdict]:
    """Judge once, and tell what comes of it."""
    try:
        verdicts, complaints = judge.judge(lambda paths: tell({"watched": [*map(_absolute, paths)]}))
    except GradcheckError as error:
        tell({"text": muted(str(error)), "error": type(error).__name__})
        return []
    except Exception as error:
        trace = "".join(format_exception(error))
        tell({"text": f"{trace}this is a fault of gradcheck itself", "error": type(error).__name__})
        return []
    traces = [f"{verdict.internal.trace}\n" for verdict in verdicts if verdict.internal]
    texts = [*traces, _report(verdicts, options, request)] if verdicts else []
    failed = [verdict.failure.message for verdict in verdicts if _has_failed(verdict) and verdict.failure]
    tell(
        {
            "text": muted("\n\n".join([*texts, *map(str, complaints)])),
            "standing": _standing(verdicts),
            "failure": failed[0] if failed else "",
        }
    )
    return verdicts


def _report(verdicts: Sequence[Verdict], options: argparse.Namespace, request: Request) -> str:
    from gradcheck.formats.report_format import Context
    from gradcheck.formats.reports.text import FORMAT

    context = Context(color=request["color"], width=request["width"], extent=extent_in(options))
    return FORMAT.render(verdicts, context)


def _standing(verdicts: Sequence[Verdict]) -> dict[str, str]:
    """What is known of each quantity, by its symbol, and by its spec where there are several."""
    several = len(verdicts) > 1
    return {
        f"{Path(verdict.spec).stem}: {quantity.symbol}" if several else quantity.symbol: quantity.status
        for verdict in verdicts
        for quantity in verdict.quantities
    }


def _has_failed(verdict: Verdict) -> bool:
    """Whether nothing was answered, since the code failed."""
    return verdict.failure is not None and all(q.status == "error" for q in verdict.quantities)


def _absolute(path: Path) -> str:
    return str(path.absolute())


class Judge(Protocol):
    """Judges one target; calls `begin` with the files and folders that it follows from, before it runs."""

    def judge(self, begin: Begin) -> tuple[list[Verdict], list[SpecError]]:
        """The verdicts, and what is wrong with specs. Raises GradcheckError."""


class _SubmissionJudge:
    """Judges a submission; what its specs say is looked up anew where they have changed."""

    def __init__(self, options: argparse.Namespace, runner: Runner) -> None:
        self._options = options
        self._runner = runner
        self._checker: Checker | None = None
        self._specs: State = {}
        self._kept: set[str] = set()
        """The specs of which it is kept what mistakes predict."""

    def judge(self, begin: Begin) -> tuple[list[Verdict], list[SpecError]]:
        """The verdicts, and what is wrong with specs."""
        target = submission_at(self._options.target, self._options.spec)
        checker = self._checker_of(target.specs)
        asked = target.asked(checker.wanted)
        for spec in asked:  # the truth first: it may take long, and the code is not to be blamed for it
            with contextlib.suppress(SpecError):
                checker.key(spec)
        begin({*_files_of(target.submission.path), *target.specs, *self._options.spec})
        verdicts: list[Verdict] = []
        complaints: list[SpecError] = []
        for spec in asked:
            try:
                verdicts.append(checker.check(target.submission, spec))
            except SpecError as error:
                complaints.append(error)
        return verdicts, complaints

    def keep_predictions(self, verdicts: Sequence[Verdict]) -> None:
        """What mistakes predict, for the next wrong answer: once a spec, since it takes a second."""
        new = [verdict for verdict in verdicts if verdict.diagnosis and verdict.spec not in self._kept]
        if new and self._checker is not None:
            self._checker.keep_predictions(new)
            self._kept |= {verdict.spec for verdict in new}
            self._checker = None  # another one finds what is kept

    def _checker_of(self, specs: Sequence[Path]) -> Checker:
        from gradcheck.checker import Checker

        now = state(specs)
        if now != self._specs:
            self._checker, self._specs, self._kept = None, now, set()
        if self._checker is None:
            self._checker = Checker(self._runner, feedback=self._options.feedback, specs=specs)
        return self._checker


class _FunctionJudge:
    """Judges one function, in this process."""

    def __init__(self, options: argparse.Namespace, file: Path, function: str) -> None:
        self._options, self._file, self._function = options, file, function
        # Ahead of the first request; numpy.ma is what NumPy itself puts off.
        for module in ("gradcheck.function.check", "gradcheck.report.terminal", "numpy.ma"):
            import_module(module)

    def load_libraries(self) -> None:
        """Load well-known ones that the file names, once for all its copies."""
        with contextlib.suppress(OSError):
            text = self._file.read_text(encoding="utf-8", errors="replace")
            for module in (*familiar(text), *(["torch"] if _TORCH.search(text) else [])):
                with contextlib.suppress(Exception):  # the code meets it, too, and is told
                    import_module(module)

    def judge(self, begin: Begin) -> tuple[list[Verdict], list[SpecError]]:
        """The verdict on it."""
        from gradcheck.submission.find import at

        at(self._file)
        begin({self._file, *imported(self._file, [self._file.parent, *search_path()])})
        return [function_verdict(self._file, self._function, self._options)], []


def _files_of(path: Path) -> set[Path]:
    """A submission, and what its code imports from elsewhere."""
    if path.is_file():
        return {path, *imported(path, search_path())}
    code = (file for file in path.rglob("*.py") if file.is_file())
    return {path}.union(*(imported(file, [path, *search_path()]) for file in code))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
