"""One container as a real process: order of its end, restarts, probes. No API server is needed."""

import asyncio
import time
from dataclasses import replace

import pytest

from migrator.lab.node.containers.container import ContainerRun, Surroundings
from migrator.lab.node.containers.spec import read_container
from migrator.lab.node.containers.states import Running, Terminated, Waiting

pytestmark = [pytest.mark.lab, pytest.mark.slow]

POD = {"metadata": {"name": "p", "namespace": "n"}, "spec": {}}
TRAP = "trap 'echo TERM $(date +%s.%N); exit 0' TERM; echo BEGIN; while :; do sleep 0.05; done"
FOR_EVER = 30.0  # of a wait that nothing ends
DEAF = "trap 'echo IGNORED' TERM; echo BEGIN; while :; do sleep 0.05; done"


class Story:
    """A container running `script` and what it told."""

    def __init__(self, folder, script, policy="Always", grace=30.0, **raw):
        self.told = []
        self.changes = 0
        spec = {"name": "c", "image": "lab/shell", "command": ["/bin/sh", "-c", script], **raw}
        around = Surroundings(
            event=lambda kind, reason, message: self.told.append((reason, message)),
            changed=self._changed,
            starts=asyncio.Semaphore(4),
            logs=folder,
            restart_policy=policy,
            grace=grace,
        )
        env = {"PATH": "/usr/bin:/bin", "FOLDER": str(folder)}
        self.run = ContainerRun(read_container(spec, POD, "127.0.0.1", "127.0.0.1", env), around)

    def _changed(self):
        self.changes += 1

    def reasons(self):
        """The reasons of its events, in order."""
        return [reason for reason, _ in self.told]

    async def until(self, true, seconds=10.0):
        """Wait until `true(self.run.seen)`."""
        deadline = time.monotonic() + seconds
        while not true(self.run.seen):
            assert time.monotonic() < deadline, f"never came; {self.run.seen} {self.told}"
            await asyncio.sleep(0.01)

    async def begun(self):
        """Wait until the script said that it began."""
        await self.until(lambda _: self.run.log.exists() and "BEGIN" in self.run.log.read_text())


def play(story, act):
    """Run the container while `act` does something to it, then make sure it is gone."""

    async def whole():
        running = asyncio.create_task(story.run.run())
        try:
            await asyncio.wait_for(act(), 30)
        finally:
            story.run.kill()
            await story.run.stop(0)
            await asyncio.wait((running,), timeout=5)

    asyncio.run(whole())


def test_the_hook_ends_before_sigterm_and_both_share_one_grace(tmp_path):
    hook = {"exec": {"command": ["/bin/sh", "-c", "sleep 0.5; date +%s.%N > $FOLDER/hook"]}}
    story = Story(tmp_path, TRAP, lifecycle={"preStop": hook})

    async def act():
        await story.begun()
        await story.run.stop(10)

    play(story, act)
    hook_ended = float((tmp_path / "hook").read_text())
    terminated = float(story.run.log.read_text().split("TERM ")[1])
    assert hook_ended <= terminated
    assert isinstance(story.run.seen.state, Terminated)
    assert (story.run.seen.state.code, story.reasons()) == (0, ["Started", "Killing"])


@pytest.mark.slow
def test_a_container_deaf_to_sigterm_is_killed_when_the_grace_is_over(tmp_path):
    story = Story(tmp_path, DEAF, lifecycle={"preStop": {"sleep": {"seconds": 1}}})
    took = []

    async def act():
        await story.begun()
        began = time.monotonic()
        await story.run.stop(3)
        took.append(time.monotonic() - began)

    play(story, act)
    assert 2.9 <= took[0] < FOR_EVER
    assert story.run.seen.state.code == 137


@pytest.mark.slow
def test_a_hook_that_uses_up_the_grace_leaves_two_seconds(tmp_path):
    story = Story(tmp_path, DEAF, lifecycle={"preStop": {"sleep": {"seconds": 60}}})
    took = []

    async def act():
        await story.begun()
        began = time.monotonic()
        await story.run.stop(1)
        took.append(time.monotonic() - began)

    play(story, act)
    assert 2.9 <= took[0] < FOR_EVER, "the hook alone takes 60 s"
    assert "FailedPreStopHook" in story.reasons()


@pytest.mark.slow
def test_a_crashing_container_waits_longer_each_time(tmp_path):
    story = Story(tmp_path, "echo BEGIN; exit 3")
    states = []

    async def act():
        await story.until(lambda seen: seen.restarts == 2)
        states.append(story.run.seen)

    began = time.monotonic()
    play(story, act)
    assert time.monotonic() - began >= 3.0  # 1 s, then 2 s
    assert states[0].last.code == 3
    assert story.reasons().count("BackOff") == 2


def test_a_crash_loop_can_be_stopped_while_it_waits(tmp_path):
    story = Story(tmp_path, "exit 1")

    async def act():
        await story.until(lambda seen: isinstance(seen.state, Waiting) and seen.state.reason == "CrashLoopBackOff")
        await asyncio.wait_for(story.run.stop(30), 1)

    play(story, act)
    assert not story.run.alive


def test_liveness_restarts_and_startup_holds_the_other_probes_back(tmp_path):
    probe = {
        "exec": {"command": ["/bin/sh", "-c", "test -e $FOLDER/alive"]},
        "periodSeconds": 0.2,
        "failureThreshold": 2,
    }
    start = {"exec": {"command": ["/bin/sh", "-c", "test -e $FOLDER/started"]}, "periodSeconds": 0.2}
    story = Story(tmp_path, TRAP, livenessProbe=probe, startupProbe={**start, "failureThreshold": 100})

    async def act():
        await story.begun()
        await asyncio.sleep(1)
        assert story.run.seen.restarts == 0
        assert not story.run.seen.started
        (tmp_path / "started").touch()
        await story.until(lambda seen: seen.started)
        await story.until(lambda seen: seen.restarts == 1 and isinstance(seen.state, Running))

    play(story, act)
    assert ("Killing", "Container c failed liveness probe, will be restarted") in story.told


def test_readiness_comes_and_goes_with_its_probe(tmp_path):
    probe = {"exec": {"command": ["/bin/sh", "-c", "test -e $FOLDER/fit"]}, "periodSeconds": 0.2, "failureThreshold": 2}
    story = Story(tmp_path, TRAP, readinessProbe=probe)

    async def act():
        await story.begun()
        assert not story.run.seen.ready
        (tmp_path / "fit").touch()
        await story.until(lambda seen: seen.ready)
        (tmp_path / "fit").unlink()
        await story.until(lambda seen: not seen.ready)

    play(story, act)
    assert "Unhealthy" in story.reasons()
    assert story.run.seen.restarts == 0


def test_an_unknown_image_waits_and_is_never_started(tmp_path):
    story = Story(tmp_path, "")
    story.run.spec = replace(story.run.spec, command=(), image="auto")

    async def act():
        await story.until(lambda seen: seen.state == Waiting("ImagePullBackOff"))

    play(story, act)
    assert story.reasons()[0] == "Failed"


def test_a_finished_job_is_not_restarted(tmp_path):
    story = Story(tmp_path, "exit 0", policy="OnFailure")

    async def act():
        await story.until(lambda seen: isinstance(seen.state, Terminated))
        await asyncio.sleep(1.3)

    play(story, act)
    assert (story.run.seen.state.code, story.run.seen.restarts) == (0, 0)
