"""Every attack is tried on a real runner, and none may get anything, change anything or stay."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from attack import STOPPED, Attack
from catalogue import ATTACKS, FAMILIES
from forging import ATTACKS as FORGERIES
from world import World

import gradcheck
from gradcheck.errors import SubmissionError
from gradcheck.oracle.key import AnswerKey
from gradcheck.oracle.lookup import answer_key
from gradcheck.submission.find import at, source
from gradcheck.submission.protection import Layer
from gradcheck.submission.records import Budget, Code, Failure, Outcome, Transcript
from gradcheck.submission.runner import Runner
from gradcheck.submission.wanted import Wanted
from gradcheck.verdict.judge import calls, judge
from gradcheck.verdict.records import Status, Verdict

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is one of Linux"),
]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PACKAGE = Path(gradcheck.__file__).parent
MEMORY = 512 << 20
AMPLE = Budget(seconds=60, memory=MEMORY)
"""No limit that is tried: as much as a busy machine may need."""
BRIEFLY = Budget(seconds=0.2, memory=MEMORY)
"""For what runs until its time is up."""
WITHOUT: dict[str, tuple[Layer, ...]] = {
    "all layers": (),
    "no bubblewrap": ("bwrap",),
    "no landlock": ("bwrap", "landlock"),
}
WRONG = (ROOT / "submissions" / "asker" / "two_layer.py").read_text("utf-8")
RIGHT = (ROOT / "submissions" / "right" / "two_layer.py").read_text("utf-8")


@pytest.fixture(scope="session")
def key() -> AnswerKey:
    """The questions of a shipped spec, and their answers."""
    return answer_key(ROOT / "specs" / "two_layer.yaml")


ENDLESS = [attack for attack in ATTACKS if attack.ends == STOPPED]
"""What runs until its time is up is the same affair with all layers and without some: it is tried once."""
BRIEF = [attack for attack in ATTACKS if attack.ends != STOPPED]


@pytest.fixture(scope="module", params=WITHOUT)
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    """One runner for all attacks: each of them must leave it, and its fork server, usable."""
    if request.param == "all layers" and shutil.which("bwrap") is None:
        pytest.skip("needs bubblewrap: it is not installed")
    os.environ["GRADCHECK_SECRET"] = "points"
    with Runner("full", without=WITHOUT[request.param]) as runner:
        assert runner.protection.sound, runner.protection
        yield runner


@pytest.fixture(scope="module")
def plain() -> Iterator[Runner]:
    """A runner as it is in most containers."""
    with Runner("full", without=WITHOUT["no bubblewrap"]) as runner:
        assert runner.protection.sound, runner.protection
        yield runner


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """All that there is to steal or to break, in a folder that everybody may enter and change."""
    folder = Path(tempfile.mkdtemp(prefix="gradcheck-world-"))
    with World(folder, PACKAGE) as world:
        yield world
    shutil.rmtree(folder)


def graded(
    runner: Runner, key: AnswerKey, text: str, folder: Path, budget: Budget
) -> tuple[Transcript, Verdict]:
    """A submission run and judged as it is when a class is graded."""
    (folder / "two_layer.py").write_text(text, "utf-8")
    code = Code(text, "anna/two_layer.py", str(folder), key.spec.contract.run, key.spec.path, 1)
    transcript = runner.run(code, calls(key), budget)
    return transcript, judge(key, "anna", transcript)


def said(transcript: Transcript) -> str:
    """Everything that anybody may get to read."""
    parts = [transcript.output]
    for result in transcript.results:
        if isinstance(result, Failure):
            parts += [result.message, str(result.where), *result.trace]
        else:
            parts += result.refused.values()
    return "\n".join(parts)


def ends(transcript: Transcript) -> set[str]:
    """How the calls ended."""
    return {"answered" if isinstance(result, Outcome) else result.kind for result in transcript.results}


@pytest.mark.parametrize("attack", BRIEF, ids=lambda attack: attack.name)
def test_an_attack_comes_to_nothing(
    attack: Attack, runner: Runner, world: World, key: AnswerKey, tmp_path: Path
) -> None:
    """It ends as it should, learns nothing, earns nothing, changes nothing; the next student is unharmed."""
    assert_contained(attack, runner, world, key, tmp_path)


@pytest.mark.parametrize("attack", ENDLESS, ids=lambda attack: attack.name)
def test_an_endless_attack_comes_to_nothing(
    attack: Attack, plain: Runner, world: World, key: AnswerKey, tmp_path: Path
) -> None:
    """The same of an attack that goes on until its time is up."""
    assert_contained(attack, plain, world, key, tmp_path)


def assert_contained(attack: Attack, runner: Runner, world: World, key: AnswerKey, tmp_path: Path) -> None:
    """Try the attack, look for all that must not have happened, and grade an honest student after it."""
    world.harm()  # done by an attack before, which has failed for it
    text = attack.submission(WRONG, key.spec.contract.run, world.traps("two_layer.py"))
    transcript, verdict = graded(runner, key, text, tmp_path, BRIEFLY if attack.waits else AMPLE)

    told = said(transcript)
    assert "REACHED" not in told, told
    assert world.secret not in told
    assert all(character.isprintable() or character in "\n\t" for character in told)
    assert ends(transcript) <= set(attack.ends), told
    assert attack.right or verdict.status is not Status.RIGHT
    assert attack.right or verdict.points <= 2, "more than the submission is worth by itself"
    assert world.harm() == []
    assert graded(runner, key, RIGHT, tmp_path, AMPLE)[1].status is Status.RIGHT
    assert world.harm() == []


def test_there_are_attacks_of_every_kind() -> None:
    """No family is empty, and no name means two attacks."""
    assert all(len(attacks) >= 10 for attacks in FAMILIES.values())
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 60


def test_the_student_under_the_attacks_earns_two_points(
    runner: Runner, key: AnswerKey, tmp_path: Path
) -> None:
    """What the attacks start from is a submission that runs, and of which one quantity is right."""
    _, verdict = graded(runner, key, WRONG, tmp_path, AMPLE)
    assert (verdict.status, verdict.points) == (Status.WRONG, 2)


@pytest.mark.parametrize("attack", FORGERIES, ids=lambda attack: attack.name)
def test_the_next_spec_hears_no_forgery(
    attack: Attack, plain: Runner, world: World, key: AnswerKey, tmp_path: Path
) -> None:
    """In a process for several specs, what was forged in one is not taken for an answer in the next."""
    world.harm()
    spec = key.spec
    text = attack.submission(WRONG, spec.contract.run, world.traps("two_layer.py"))
    budget = BRIEFLY if attack.waits else AMPLE
    with plain.process() as process:
        for source_text in (text, RIGHT, WRONG):
            code = Code(source_text, "anna.py", None, spec.contract.run, spec.path, 1)
            verdict = judge(key, "anna", process.run(code, calls(key), budget))
            if source_text is not RIGHT:
                assert verdict.points <= 2
    assert world.harm() == []


@pytest.mark.parametrize(
    "trick",
    [
        "ln -s ../secret two_layer.py",
        "ln -s .. data && cp $RIGHT two_layer.py",
        "ln -s ../secret data.txt && cp $RIGHT two_layer.py",
        "mkdir deep && ln -s ../../secret deep/two_layer.py && cp $RIGHT two_layer.py",
        "ln -s two_layer.py two_layer.py",
        "ln -s /dev/zero two_layer.py",
        "ln -s /dev/zero zero && cp $RIGHT two_layer.py",
        "mkfifo two_layer.py",
        "mkfifo pipe && cp $RIGHT two_layer.py",
        "mkdir two_layer.py",
        "truncate -s 1G two_layer.py",
        "truncate -s 1G data.bin && cp $RIGHT two_layer.py",
        "ln -s /proc/self/environ env.py && cp $RIGHT two_layer.py",
    ],
)
def test_a_folder_of_tricks_is_refused(trick: str, plain: Runner, key: AnswerKey, tmp_path: Path) -> None:
    """Links, pipes, devices and giants in a submission's folder are refused before any of it is read out."""
    (tmp_path / "secret").write_text("SECRET = 1\n", "utf-8")
    folder = tmp_path / "anna"
    folder.mkdir()
    right = str(ROOT / "submissions" / "right" / "two_layer.py")
    subprocess.run(["/bin/sh", "-c", trick], cwd=folder, env=os.environ | {"RIGHT": right}, check=True)

    def run() -> None:
        text, shown, home = source(at(folder), Wanted("two_layer.py"))
        plain.run(Code(text, shown, home, key.spec.contract.run, key.spec.path, 1), calls(key))

    with pytest.raises(SubmissionError) as refusal:
        run()
    assert "SECRET" not in str(refusal.value)


@pytest.mark.skipif(os.getuid() != 0 or shutil.which("setpriv") is None, reason="only root can be another")
def test_the_same_holds_for_an_ordinary_user(key: AnswerKey) -> None:
    """All that is tested here is tested again in a grader's own account, where student code has its user."""
    with tempfile.TemporaryDirectory(prefix="gradcheck-user-") as name:
        folder = Path(name)
        for room in ("harness", "specs", "submissions", "tests/attacks"):
            shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
        cache = os.environ.get("GRADCHECK_CACHE", "")
        shutil.copytree(cache, folder / "cache") if cache else (folder / "cache").mkdir()
        (folder / "home").mkdir()
        subprocess.run(["chown", "-R", "1234:1234", name], check=True)
        python = _python_for_others(folder)
        if python is None:
            pytest.skip("no Python that others may run has the packages that are needed")
        options = ["-q", "--noconftest", "-c", os.devnull, "--rootdir", name, "-p", "no:cacheprovider"]
        tests = subprocess.run(
            [*_AS_OTHER, python, "-m", "pytest", *options, "--tb=short", str(folder / "tests" / "attacks")],
            cwd=folder,
            env=_environment(folder),
            capture_output=True,
            text=True,
        )
    assert tests.returncode == 0, tests.stdout[-6000:]


_AS_OTHER = ("setpriv", "--reuid", "1234", "--regid", "1234", "--clear-groups")


def _python_for_others(folder: Path) -> str | None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    # It must be able to start itself: setpriv may start what its user may not.
    needs = (
        "import subprocess, sys, numpy, pydantic, pytest, yaml; subprocess.check_call([sys.executable, '-V'])"
    )
    for python in (sys.executable, f"/usr/bin/python{version}", f"/usr/local/bin/python{version}"):
        try:
            tried = subprocess.run(
                [*_AS_OTHER, python, "-c", needs], cwd=folder, env=_environment(folder), capture_output=True
            )
        except OSError:
            continue
        if tried.returncode == 0:
            return python
    return None


def _environment(folder: Path) -> dict[str, str]:
    packages = Path(np.__file__).parents[1]
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": f"{folder / 'harness'}:{packages}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "GRADCHECK_CACHE": str(folder / "cache"),
        "HOME": str(folder / "home"),
    }
