"""What a submission answers to one spec after the other: its code is run, its formulas are read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeAlias

from gradcheck.boundary import InternalError, attempt
from gradcheck.errors import MachineError, MissingError, SubmissionError
from gradcheck.oracle.key import AnswerKey
from gradcheck.specification.records import Contract
from gradcheck.submission.find import Submission, formulas, source
from gradcheck.submission.prepare import compiled
from gradcheck.submission.process import Process
from gradcheck.submission.records import Budget, Call, Code, Failure, Job, Transcript
from gradcheck.submission.wanted import Wanted
from gradcheck.verdict.judge import calls

Ask: TypeAlias = Callable[[Sequence[Call]], Transcript]
"""Puts more calls to the same submission for the same spec."""

_Source: TypeAlias = tuple[str, str, str | None]
"""As gradcheck.submission.find.source gives it."""

IMPATIENT = 0.25
"""What share of a spec's seconds a submission gets once it has run out of them for another spec: a class
must not wait for one submission as often as there are specs, and honest code takes milliseconds."""


@lru_cache(maxsize=64)
def wanted_by(contract: Contract) -> Wanted:
    """What a spec asks for, as if there were no other."""
    return Wanted(contract.file, contract.run, contract.formula)


class Inquiry:
    """One submission is asked; all its code runs in one process, as long as that lives.

    What it costs for a spec comes off that spec's seconds, whatever it is: the copying of its folder, the
    loading, all calls, those of a diagnosis, too, and the reading of formulas and of answers.
    """

    def __init__(
        self, process: Process, submission: Submission, wanted: Callable[[AnswerKey], Wanted] | None = None
    ) -> None:
        """`wanted` gives what a spec asks for; by default each is asked as if there were no other."""
        self._process = process
        self._submission = submission
        self._wanted = wanted or (lambda key: wanted_by(key.spec.contract))
        self._files: dict[Wanted, _Source | Path | Failure] = {}
        """What there is of what specs ask for."""
        self._allowance = 1.0
        self._together = True
        """Whether all jobs are asked for in one go; not any more where that has met an internal error."""

    def answers(self, keys: Sequence[AnswerKey]) -> Iterator[tuple[Transcript | InternalError, Ask]]:
        """For each key the answers to `calls(key)`, or what gradcheck failed of, and the way to ask more.

        A submission that can't even be asked, for want of a file, say, answers each call with a Failure.
        """
        plans = [attempt("decode", partial(self._plan, key)) for key in keys]
        done = self._done([plan for plan in plans if isinstance(plan, Job)])
        for key, plan in zip(keys, plans, strict=True):
            if isinstance(plan, Job):
                transcript, job = next(done)
                spent = 0.0 if isinstance(transcript, InternalError) else transcript.spent
                misnamed = self._submission.misnamed(self._wanted(key))
                if misnamed and isinstance(transcript, Transcript):
                    transcript = replace(transcript, notes=(misnamed, *transcript.notes))
                yield transcript, _More(self._process, job, job.seconds - spent)
            elif isinstance(plan, Path):
                transcript = attempt("run", partial(_read, plan, key, self._allowance))
                if isinstance(transcript, Transcript) and transcript.spent > key.spec.contract.seconds:
                    self._allowance = IMPATIENT
                yield transcript, _nothing_more
            elif isinstance(plan, Failure):
                yield _all_failed(calls(key), plan), _nothing_more
            else:
                yield plan, _nothing_more

    def _plan(self, key: AnswerKey) -> Job | Path | Failure:
        """The code to be run, the file of formulas to be read, or why there is neither."""
        contract = key.spec.contract
        wanted = self._wanted(key)
        if wanted not in self._files:
            self._files[wanted] = self._look_up(wanted)
        answer = self._files[wanted]
        if not isinstance(answer, tuple):
            return answer
        run = contract.run, key.spec.path, contract.run_line
        code = Code(*answer, *run, self._submission.inner(wanted), compiled(*run))
        return Job(code, calls(key), Budget(contract.seconds, contract.memory_mb << 20, contract.output))

    def _look_up(self, wanted: Wanted) -> _Source | Path | Failure:
        """What there is of a file that a spec asks for: code, formulas in its place, or why neither."""
        if self._submission.refused:
            return Failure("unreadable", self._submission.refused)
        try:
            return self._submission.paper(wanted) or source(self._submission, wanted)
        except SubmissionError as error:
            return _refusal(error)

    def _done(self, jobs: Sequence[Job]) -> Iterator[tuple[Transcript | InternalError, Job]]:
        """The answers to each job, and the job as it was done; what can be is done in one go."""
        while jobs:
            asked = [self._shared(job) for job in (jobs if self._together else jobs[:1])]
            transcripts = attempt("run", partial(self._run, asked))
            if isinstance(transcripts, InternalError):
                if len(asked) > 1:  # it costs the spec that brings it about, and no other
                    self._together = False
                    continue
                yield transcripts, asked[0]
                jobs = jobs[1:]
                continue
            yield from zip(transcripts, asked, strict=False)
            jobs = jobs[len(transcripts) :]

    def _run(self, jobs: Sequence[Job]) -> list[Transcript]:
        """The transcripts of the first of the jobs; after them the others are for another child."""
        try:
            transcripts = self._process.run_all(jobs)
        except SubmissionError as error:
            failure = _refusal(error)
            transcripts = [_all_failed(job.calls, failure) for job in jobs]
        if any(
            isinstance(result, Failure) and result.kind == "timeout" for result in transcripts[-1].results
        ):
            self._allowance = IMPATIENT
        return transcripts

    def _shared(self, job: Job) -> Job:
        return job if self._allowance == 1 else replace(job, left=self._allowance * job.budget.seconds)


class _More:
    """Puts more calls, as long as there is time left for the spec."""

    def __init__(self, process: Process, job: Job, left: float) -> None:
        self._process = process
        self._job = job
        self._left = left

    def __call__(self, more: Sequence[Call]) -> Transcript:
        """The answers; failures where the time is up. Raises as Process.run_all does."""
        if self._left <= 0:
            seconds = round(self._job.seconds, 2)
            return _all_failed(more, Failure("timeout", f"the {seconds:g} s for this spec are used up"))
        (transcript,) = self._process.run_all([replace(self._job, calls=tuple(more), left=self._left)])
        self._left -= transcript.spent
        return transcript


def _refusal(error: SubmissionError) -> Failure:
    """Why a submission can't be asked."""
    match error:
        case MissingError():
            return Failure("missing", str(error))
        case MachineError():
            return Failure("machine", str(error))
        case _:
            return Failure("unreadable", str(error))


def _nothing_more(_: Sequence[Call]) -> Transcript:
    return Transcript((), output="", truncated=False)


def _all_failed(asked: Sequence[Call], failure: Failure) -> Transcript:
    return Transcript((failure,) * len(asked), output="", truncated=False)


def _read(sheet: Path, key: AnswerKey, part: float) -> Transcript:
    """What formulas answer in the place of code, in that share of the spec's time. They are never run."""
    start = time.monotonic()
    try:
        text, shown = formulas(sheet)
        if not key.spec.contract.formula:
            raise SubmissionError(f"{shown}: this spec takes code, not formulas")
    except SubmissionError as error:
        return _all_failed(calls(key), _refusal(error))
    from gradcheck.paper.course.sheet import answers

    transcript = answers(text, shown, key, start + part * key.spec.contract.seconds)
    spent = time.monotonic() - start
    return replace(transcript, seconds=spent, spent=spent)
