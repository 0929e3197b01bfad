"""`follow FILE...` as people type it: what is refused, what is printed, and a process that cannot reach anybody yet."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import yaml

from tests.cli.world import Terminal, closed_port, write

WITHIN = 120.0


def plan(terminal: Terminal, name: str, gateway: str, **loadbalancer: str) -> str:
    """Write a plan file of a gateway whose nodes migrator looks after; nobody answers for cluster or balancer."""
    nobody = f"http://127.0.0.1:{closed_port()}"
    content = yaml.safe_load(Path(terminal.plan(nobody, nobody)).read_text(encoding="utf-8"))
    content["metadata"]["name"] = name
    content["spec"]["after"] = "migrator"
    content["spec"]["source"]["name"] = gateway
    content["spec"]["loadBalancer"] |= loadbalancer
    return str(write(terminal.folder / f"{name}-{gateway}.yaml", content))


@pytest.mark.parametrize("option", ["--image=x", "--role=r", "--namespace=n"])
def test_an_option_of_the_manifests_is_refused_where_none_are_printed(terminal: Terminal, option: str) -> None:
    said = terminal.refused("follow", plan(terminal, "a", "gw"), option, "--output", "json", code=2)

    assert '"code": "follow.only-printed"' in said


def test_what_cannot_be_followed_together_is_refused(terminal: Terminal) -> None:
    one = plan(terminal, "a", "gw")

    assert "no file" in terminal.refused("follow", one, "7", code=2)
    assert "no file" in terminal.refused("follow", "7", "8", code=2)
    assert "named a" in terminal.refused("follow", one, plan(terminal, "a", "other", id="lb-2"), code=2)
    assert "a and b" in terminal.refused("follow", one, plan(terminal, "b", "gw", id="lb-2"), code=2)
    assert "needs the plan FILEs" in terminal.refused("follow", "--print-manifests", code=2)
    assert "Nobody has begun" in terminal.refused("follow", one, "--end", code=2)


def test_the_manifests_of_a_follower_are_printed_and_nobody_is_asked(terminal: Terminal) -> None:
    files = plan(terminal, "a", "gw"), plan(terminal, "b", "other", id="lb-2")

    shown = terminal.call("follow", *files, "--print-manifests", "--namespace", "ops", "--role", "r")
    told = terminal.call("follow", *files, "--print-manifests", "--output", "json")

    objects = [each for each in yaml.safe_load_all(shown.output) if each]
    kinds = [each["kind"] for each in objects]
    assert kinds == [each["kind"] for each in json.loads(told.output)["manifests"]]
    assert (kinds[0], kinds[-1]) == ("ServiceAccount", "Deployment")
    assert objects[-1]["metadata"]["namespace"] == "ops"
    assert "&" not in shown.output
    assert str(terminal.folder) not in shown.output


@pytest.mark.slow
def test_two_gateways_of_which_nobody_answers_are_tried_again_and_the_process_leaves_when_told(
    terminal: Terminal,
) -> None:
    files = plan(terminal, "a", "gw"), plan(terminal, "b", "other", id="lb-2")
    log = terminal.folder / "log"
    words = [sys.executable, "-P", "-m", "migrator", "follow", *files, "--metrics", "0", "--store", str(terminal.store)]
    terminal.store.parent.mkdir(exist_ok=True)
    with log.open("wb") as out, subprocess.Popen(words, stdout=out, stderr=out, env={**os.environ}) as process:
        deadline = time.monotonic() + WITHIN
        while not all(f"\n{name}: " in log.read_text(encoding="utf-8") for name in "ab"):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
            time.sleep(0.1)
        found = re.search(r"http://127\S+/", log.read_text(encoding="utf-8"))
        assert found
        with urlopen(f"{found[0]}healthz", timeout=WITHIN) as answer:
            body = answer.read().decode()
        with pytest.raises(HTTPError) as unready:
            urlopen(f"{found[0]}readyz", timeout=WITHIN)
        unready.value.close()
        process.send_signal(signal.SIGTERM)
        code = process.wait(WITHIN)

    assert sorted(body.split()) == ["a", "b", "troubled", "troubled"]
    assert unready.value.code == 503
    assert code == 0
