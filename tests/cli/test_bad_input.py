"""Whatever is wrong outside: a message that says what happened and what it means, the right exit code, nothing changed."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.adapters.served import Asked, Reply, serving
from tests.cli.world import SECRET, SECRETS, Terminal, closed_port

UNTOUCHED = ("Nothing was changed", "Nothing was done", "untouched", "Weights stay", "nothing was changed")


def says(message: str, *words: str) -> None:
    """Check that a message names these and says that nothing was changed."""
    assert [word for word in words if word not in message] == []
    assert any(word in message for word in UNTOUCHED), message


# --- the plan file and the words of the command ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        pytest.param("soak: 3s", "soack: 5s", "spec.traffic.soack: unknown key", id="unknown key"),
        pytest.param("kind: istio ", "kind: 5 ", "spec.gateway.kind: 5 is not allowed", id="wrong type"),
        pytest.param(
            "[10, 50, 90, 100]", "[130]", "130 is not allowed (allowed: a number above 0 up to 100)", id="130"
        ),
    ],
)
def test_a_broken_plan_file_is_refused(terminal: Terminal, before: str, after: str, words: str) -> None:
    file = terminal.folder / "my.yaml"
    file.write_text((Path(__file__).parents[2] / "plans/lab.yaml").read_text().replace(before, after))

    says(terminal.refused("plan", str(file), code=2), words, "my.yaml:")
    says(terminal.refused("verify", str(file), code=2), words)
    assert not terminal.store.exists()


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("authorization: bearer env:MIGRATOR_NOT_SET", "MIGRATOR_NOT_SET"),
        ("ca: /nowhere/ca.pem", "/nowhere/ca.pem"),
        ("headers: {X-Scope-OrgID: 'file:/nowhere/tenant'}", "/nowhere/tenant"),
    ],
    ids=["a variable", "a CA", "a header's file"],
)
def test_what_prometheus_would_be_asked_with_is_missed_before_the_cluster_is_read(
    terminal: Terminal, keys: str, words: str
) -> None:
    """The plan's kubeconfig is not there either: nobody came so far as to look for it."""
    lab = yaml.safe_load((Path(__file__).parents[2] / "plans/lab.yaml").read_text())
    lab["spec"]["judge"]["prometheus"] = {"url": "https://p", **yaml.safe_load(keys)}
    lab["spec"]["cluster"]["kubeconfig"] = "/nowhere/kubeconfig"
    file = terminal.folder / "my.yaml"
    file.write_text(yaml.safe_dump(lab))

    says(terminal.refused("plan", str(file), code=2), words)
    says(terminal.refused("verify", str(file), code=2), words)


def test_a_plan_file_that_is_not_there_is_refused(terminal: Terminal) -> None:
    says(terminal.refused("plan", "nope.yaml", code=2), "nope.yaml cannot be read: there is no such file")


def test_a_yaml_given_to_run_is_refused_with_the_command_to_type(terminal: Terminal) -> None:
    file = terminal.plan()

    says(terminal.refused("run", file, "--yes", code=2), "not a saved plan", f"migrator plan {file}")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("run", "deadbeef"), "There is no plan deadbeef", id="no such plan"),
        pytest.param(("run",), "There is no plan that was never run", id="no plan at all"),
        pytest.param(("resume", "9"), "There is no run 9", id="no such run"),
        pytest.param(("rollback",), "There is no run yet", id="no run at all"),
        pytest.param(("status",), "There is no store at", id="no store yet"),
        pytest.param(("plan",), "Say either a plan FILE or --reverse RUN", id="neither a file nor a run"),
        pytest.param(
            ("plan", "x.yaml", "--reverse", "1"), "Say either a plan FILE or --reverse RUN", id="a file and a run"
        ),
        pytest.param(("plan", "--reverse", "41"), "no run 41", id="no run to reverse"),
        pytest.param(("run", "--bad"), "No such option '--bad'", id="an unknown option"),
        pytest.param(("nope",), "No such command 'nope'", id="an unknown command"),
        pytest.param(("status", "--output", "xml"), "'xml' is not one of", id="an unknown output"),
    ],
)
def test_a_command_that_cannot_be_carried_out_ends_with_two(
    terminal: Terminal, words: tuple[str, ...], said: str
) -> None:
    assert said in terminal.refused(*words, code=2)


def test_an_error_is_a_value_for_programs(terminal: Terminal) -> None:
    done = terminal.call("run", "deadbeef", "--output", "json")

    error = json.loads(done.stdout)["error"]
    assert (error["kind"], error["exit_code"]) == ("not-found", 2)
    assert error["message"] == done.stderr.strip()


# --- the cluster -----------------------------------------------------------------------------------------------------


def test_a_cluster_that_is_not_there_is_an_error(terminal: Terminal) -> None:
    file = terminal.plan(api=f"http://127.0.0.1:{closed_port()}")

    says(terminal.refused("plan", file, code=1), "cannot be reached", "context lab", "Repeat the command")


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_not_accepted_is_an_error_that_does_not_repeat_it(terminal: Terminal, status: int) -> None:
    with serving(lambda _asked: Reply(status, b'{"kind":"Status","message":"who are you"}')) as api:
        said = terminal.refused("plan", terminal.plan(api=api.url), code=1)

    says(said, str(status), "who are you", "then repeat the command")


def test_a_server_that_is_no_kubernetes_is_an_error(terminal: Terminal) -> None:
    with serving(lambda _asked: Reply(200, b"<html>")) as api:
        says(terminal.refused("plan", terminal.plan(api=api.url), code=1), "web page")


def test_a_kubeconfig_or_context_that_is_not_there_is_refused(terminal: Terminal) -> None:
    says(terminal.refused("plan", terminal.plan(kubeconfig="/nope/kc"), code=2), "There is no kubeconfig at /nope/kc")
    says(terminal.refused("plan", terminal.plan(context="prod"), code=2), "context prod", "spec.cluster.context")


# --- the balancer ----------------------------------------------------------------------------------------------------


def empty_cluster(asked: Asked) -> Reply:
    """Answer as an API server with nothing in it that allows everything."""
    if asked.path == "/version":
        return Reply(body=b'{"gitVersion":"v1.31.0","major":"1","minor":"31"}')
    if "selfsubjectaccessreviews" in asked.path:
        return Reply(201, b'{"kind":"SelfSubjectAccessReview","status":{"allowed":true}}')
    if asked.path.split("?")[0].endswith(("/istio-ingressgateway", "/istio-ingressgateway-ds")):
        return Reply(404, b'{"kind":"Status","message":"not found"}')
    return Reply(body=b'{"kind":"List","apiVersion":"v1","metadata":{},"items":[]}')


def refusing(code: str) -> Callable[[Asked], Reply]:
    """Give a cloud that refuses everything."""
    body = {"Response": {"Error": {"Code": code, "Message": "no"}, "RequestId": "r-1"}}
    return lambda _asked: Reply(body=json.dumps(body).encode())


def test_a_balancer_that_is_not_there_is_an_error(terminal: Terminal) -> None:
    with serving(empty_cluster) as api:
        file = terminal.plan(api.url, f"http://127.0.0.1:{closed_port()}")

        says(terminal.refused("plan", file, code=1), "Tencent CLB", "Repeat the command")


def test_credentials_that_are_missing_or_wrong_are_an_error(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(empty_cluster) as api, serving(refusing("AuthFailure.SignatureFailure")) as cloud:
        file = terminal.plan(api.url, cloud.url)
        says(terminal.refused("plan", file, code=1), "AuthFailure.SignatureFailure")
        assert not [asked for asked in cloud.asked if SECRET.encode() in asked.body + str(asked.headers).encode()]
        monkeypatch.delenv("TENCENTCLOUD_SECRET_KEY")
        says(terminal.refused("plan", file, code=1), "No Tencent Cloud credentials", "TENCENTCLOUD_SECRET_KEY")


def test_a_provider_without_a_driver_is_refused_and_the_others_are_named(terminal: Terminal) -> None:
    says(terminal.refused("plan", terminal.plan(lb_provider="acme"), code=2), "'acme'", "tencent", "haproxy")


# --- the store -------------------------------------------------------------------------------------------------------


def a_store(terminal: Terminal, content: bytes = b"") -> Path:
    """Put a file where the store is looked for."""
    terminal.store.parent.mkdir(parents=True)
    terminal.store.write_bytes(content)
    return terminal.store


def with_a_store(terminal: Terminal) -> None:
    """Let a real store be made, by a command that finds no plan in it."""
    assert terminal.call("run").exit_code == 2


def test_a_store_that_is_garbage_is_refused(terminal: Terminal) -> None:
    a_store(terminal, os.urandom(4096))

    says(terminal.refused("run", code=1), "is not a database of migrator")
    says(terminal.refused("list", code=1), "is not a database of migrator")


def test_a_store_of_another_program_is_refused(terminal: Terminal) -> None:
    with sqlite3.connect(a_store(terminal)) as other:
        other.execute("CREATE TABLE theirs (id INTEGER)")
    other.close()

    says(terminal.refused("run", code=1), "another program")


def test_a_store_from_a_newer_version_is_refused(terminal: Terminal) -> None:
    with_a_store(terminal)
    with sqlite3.connect(terminal.store) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()

    says(terminal.refused("run", code=1), "newer migrator", "9999")
    says(terminal.refused("status", code=1), "newer migrator")


def test_a_store_that_another_process_has_locked_is_refused(terminal: Terminal) -> None:
    with_a_store(terminal)
    other = sqlite3.connect(terminal.store, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    said = terminal.refused("run", code=1)
    other.close()

    says(said, "is locked by another process", "fuser")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_store_that_cannot_be_written_is_refused(terminal: Terminal) -> None:
    with_a_store(terminal)
    terminal.store.chmod(0o400)

    says(terminal.refused("run", code=1), "cannot be written")


def test_a_store_where_no_file_can_be_is_refused(terminal: Terminal) -> None:
    says(terminal.refused("run", "--store", str(terminal.folder), code=1), "cannot be created: it is a directory")


def test_no_secret_is_in_anything_that_was_written(terminal: Terminal) -> None:
    with serving(empty_cluster) as api, serving(refusing("InternalError")) as cloud:
        terminal.call("plan", terminal.plan(api.url, cloud.url))
        terminal.call("list")

    own = {"kubeconfig"}  # the token's own place
    written = [path for path in terminal.folder.rglob("*") if path.is_file() and path.name not in own]
    assert written
    assert [p for p in written for secret in SECRETS if secret.encode() in p.read_bytes()] == []


@pytest.mark.parametrize("words", [("list", "--bogus", "--output", "json"), ("nonsense", "--output=json")])
def test_a_mistyped_command_gives_json_where_json_was_asked_for(words: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-m", "migrator", *words], capture_output=True, text=True, timeout=60)
    said = json.loads(done.stdout)["error"]

    assert (done.returncode, said["kind"], said["exit_code"]) == (2, "usage-error", 2)
    assert said["message"].startswith("No such")
    assert said["message"] in done.stderr


def test_a_secret_of_a_job_that_is_not_printed_is_refused(terminal: Terminal) -> None:
    says(terminal.refused("guard", "edge/gw", "--kubeconfig-secret", "both", code=2), "--job", "--context")
