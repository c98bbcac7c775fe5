"""One submission asked about several specs: in which order, within which time, and what is asked again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from exercise import RIGHT, SPEC, exercise
from gradcheck.errors import MachineError, MissingError, SubmissionError
from gradcheck.inquiry import IMPATIENT, Inquiry
from gradcheck.oracle.key import AnswerKey
from gradcheck.oracle.lookup import answer_key
from gradcheck.paper.course.sheet import answers
from gradcheck.submission.find import at
from gradcheck.submission.process import Process
from gradcheck.submission.records import Call, Failure, FailureKind, Job, Outcome, Transcript
from gradcheck.submission.runner import Runner

FINE = Failure("exception", "ValueError")
LATE = Failure("timeout", "stopped")


class Told(Process):
    """A process that does a few jobs at a time, as it is told, and notes how many seconds each has."""

    def __init__(self, *ends: Failure | SubmissionError) -> None:
        super().__init__(Runner(), 100)
        self.ends = list(ends)
        self.seconds: list[float] = []
        self.spends = 0.0
        """Seconds that each job takes."""

    def run_all(self, jobs: Sequence[Job]) -> list[Transcript]:
        """All jobs up to the first that ends otherwise than FINE, as a process that breaks off."""
        found = []
        for job in jobs:
            end = self.ends.pop(0)
            if isinstance(end, SubmissionError):
                raise end
            self.seconds.append(job.seconds)
            transcript = Transcript((end,) * len(job.calls), output="", truncated=False, spent=self.spends)
            found.append(transcript)
            if end is not FINE:
                break
        return found


@pytest.fixture
def keys(tmp_path: Path) -> list[AnswerKey]:
    """Five specs, and a submission called anna."""
    exercise(tmp_path, anna=RIGHT)
    paths = [tmp_path / "specs" / f"{number}.yaml" for number in range(5)]
    for path in paths:
        path.write_text(SPEC.replace("submission: {", "submission: {seconds: 8, "), "utf-8")
    return [answer_key(path) for path in paths]


def ends(process: Told, keys: list[AnswerKey], tmp_path: Path) -> list[Failure]:
    """How the first call of each spec ended."""
    answers = Inquiry(process, at(tmp_path / "submissions" / "anna.py")).answers(keys)
    found = [transcript.results[0] for transcript, _ in answers if isinstance(transcript, Transcript)]
    return [result for result in found if isinstance(result, Failure)]


def test_who_runs_out_of_time_gets_less(keys: list[AnswerKey], tmp_path: Path) -> None:
    """After the first endless loop the other specs have a quarter of their seconds, however many follow."""
    process = Told(FINE, LATE, FINE, LATE, FINE)
    assert ends(process, keys, tmp_path) == [FINE, LATE, FINE, LATE, FINE]
    assert process.seconds == [8, 8, 8 * IMPATIENT, 8 * IMPATIENT, 8 * IMPATIENT]


def test_what_is_asked_again_has_the_time_of_the_first_asking(keys: list[AnswerKey], tmp_path: Path) -> None:
    """A spec that was answered in time is not hurried because another was not."""
    process = Told(FINE, LATE, *4 * [FINE])
    answers = Inquiry(process, at(tmp_path / "submissions" / "anna.py")).answers(keys[:3])
    _, ask_one = next(answers)
    _, ask_two = next(answers)
    process.seconds.clear()
    ask_one(())
    ask_two(())
    _, ask_three = next(answers)
    ask_three(())
    assert process.seconds == [8, 8, 8 * IMPATIENT, 8 * IMPATIENT]


def test_all_that_is_asked_shares_the_time_of_a_spec(keys: list[AnswerKey], tmp_path: Path) -> None:
    """What the first asking took is missing afterwards; where nothing is left, nothing is asked."""
    process = Told(*9 * [FINE])
    process.spends = 3.0
    ((_, ask),) = Inquiry(process, at(tmp_path / "submissions" / "anna.py")).answers(keys[:1])
    call = Call({}, ("dW",))
    assert [ask([call]).results for _ in range(2)] == 2 * [(FINE,)]
    assert process.seconds == [8, 5, 2]
    (result,) = ask([call]).results
    assert isinstance(result, Failure)
    assert (result.kind, result.message) == ("timeout", "the 8 s for this spec are used up")
    assert process.seconds == [8, 5, 2]


@pytest.mark.parametrize(
    ("error", "kind"), [(SubmissionError, "unreadable"), (MissingError, "missing"), (MachineError, "machine")]
)
def test_a_folder_that_can_not_be_handed_over_fails_all_specs(
    keys: list[AnswerKey], tmp_path: Path, error: type[SubmissionError], kind: FailureKind
) -> None:
    """Every spec says why, and none is left out; whose doing it is can be told from the kind."""
    found = ends(Told(error("a link")), keys, tmp_path)
    assert found == 5 * [Failure(kind, "a link")]


def test_formulas_have_the_time_of_the_spec(keys: list[AnswerKey], tmp_path: Path) -> None:
    """However much a sheet says, no formula is evaluated after the deadline."""
    past = answers("dW = x^T dz\n", "sheet.md", keys[0], deadline=0.0)
    refused = [
        why for outcome in past.results if isinstance(outcome, Outcome) for why in outcome.refused.values()
    ]
    assert refused
    assert all("takes too long" in why for why in refused)
