"""A kubeconfig whose user comes from a program: what the program says of a failure is passed on, and it never hangs us."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
import yaml

from migrator.adapters.cluster import connect, login
from migrator.adapters.cluster.connection import Connection
from migrator.domain.messages.errors import Denied, UsageError
from migrator.domain.model.spec import ClusterSpec
from tests.adapters.served import Asked, Reply, serving
from tests.words import text

HINT = "Install the plugin from\nhttps://example.org/plugin"
Made = Callable[..., ClusterSpec]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Write a plugin of these lines of shell, and a kubeconfig that names it; give the spec."""

    def write(*lines: str, url: str = "http://127.0.0.1:1", command: str = "") -> ClusterSpec:
        plugin = tmp_path / "plugin"
        plugin.write_text("\n".join(("#!/bin/sh", *lines, "")))
        plugin.chmod(plugin.stat().st_mode | stat.S_IXUSR)
        wanted = {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": command or str(plugin),
            "args": ["get-token"],
            "env": [{"name": "FROM_US", "value": "yes"}],
            "installHint": HINT,
            "provideClusterInfo": True,
        }
        content = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "here",
            "clusters": [{"name": "c", "cluster": {"server": url}}],
            "users": [{"name": "u", "user": {"exec": wanted}}],
            "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u"}}],
        }
        path = tmp_path / "kubeconfig"
        path.write_text(yaml.safe_dump(content))
        return ClusterSpec("ns", kubeconfig=str(path))

    return write


def credential(**status: str) -> str:
    return json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status})


def printed(**status: str) -> str:
    return f"echo '{credential(**status)}'"


def refusal(spec: ClusterSpec) -> str:
    with pytest.raises(UsageError) as caught:
        connect(spec)
    assert caught.value.message.code == "cluster.no-login"
    return text(caught.value.message)


def test_the_plugins_own_words_are_passed_on(made: Made) -> None:
    said = refusal(made('echo "session expired, run: cloud login" >&2', "exit 1"))

    assert "session expired, run: cloud login" in said
    assert "Install the plugin from https://example.org/plugin" in said


def test_a_plugin_that_is_not_there_is_named_with_its_install_hint(made: Made) -> None:
    said = refusal(made(command="/nowhere/plugin"))

    assert "/nowhere/plugin" in said
    assert "No such file" in said
    assert "https://example.org/plugin" in said


@pytest.mark.parametrize("line", ["exec sleep 60", "sleep 60; exit 0"], ids=["itself", "its child"])
def test_a_plugin_that_hangs_is_stopped(made: Made, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "SECONDS", 0.5)
    began = monotonic()
    said = refusal(made(line))

    assert "did not end within" in said
    assert monotonic() - began < 10


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param("exit 3", "exit code 3", id="without a word"),
        pytest.param("echo nonsense", "no ExecCredential", id="no JSON"),
        pytest.param("echo '{\"status\": 1}'", "no ExecCredential", id="no status"),
        pytest.param(printed(other="x"), "neither a token nor a certificate", id="nothing to log in with"),
        pytest.param(printed(clientCertificateData="x"), "neither a token nor a certificate", id="no key"),
    ],
)
def test_an_answer_that_logs_nobody_in_is_refused(made: Made, line: str, words: str) -> None:
    assert words in refusal(made(line))


def test_a_token_is_sent_and_renewed_when_it_has_ended(made: Made) -> None:
    ended = "2020-01-01T00:00:00Z"
    lines = ('[ "$FROM_US" = yes ] || exit 1', 'case "$KUBERNETES_EXEC_INFO" in *server*) ;; *) exit 2;; esac')
    with serving(lambda _: Reply()) as served:
        spec = made(*lines, printed(token="first", expirationTimestamp=ended), url=served.url)
        connection = Connection(spec)
        made(*lines, printed(token="second"), url=served.url)
        connection.ask("GET", "/api/v1/nodes")
        connection.close()

    assert served.asked[0].headers["authorization"] == "Bearer second"


def test_a_certificate_is_used(made: Made) -> None:
    connection = Connection(made(printed(clientCertificateData="CERT", clientKeyData="KEY")))

    assert Path(str(connection.configuration.cert_file)).read_text() == "CERT"
    assert Path(str(connection.configuration.key_file)).read_text() == "KEY"
    assert not connection.anonymous


def test_a_login_that_ends_meanwhile_is_no_more_than_not_being_let_in(made: Made) -> None:
    """The plugin is not started by every call: its failure stands for some seconds."""
    spec = made(printed(token="first", expirationTimestamp="2020-01-01T00:00:00Z"))
    connection = Connection(spec)
    counted = Path(str(spec.kubeconfig)).with_name("count")
    made(f"echo x >> {counted}", "echo 'session expired' >&2", "exit 1")
    for _ in range(3):
        with pytest.raises(Denied, match="session expired"):
            connection.ask("GET", "/api/v1/nodes")

    assert counted.read_text() == "x\n"


@pytest.mark.parametrize("status", [401, 403])
def test_nobody_is_told_that_nobody_is_logged_in(spec_of: Callable[..., ClusterSpec], status: int) -> None:
    with serving(lambda _: Reply(status, b'{"message": "User \\"system:anonymous\\" cannot"}')) as served:
        spec = spec_of(served.url)
        config = yaml.safe_load(Path(str(spec.kubeconfig)).read_text())
        config["users"][0]["user"] = {}
        Path(str(spec.kubeconfig)).write_text(yaml.safe_dump(config))
        with pytest.raises(Denied) as caught:
            Connection(spec).ask("GET", "/api/v1/nodes")

    assert caught.value.message.code == "cluster.nobody"
    assert text(caught.value.message).startswith("You are not logged in")


@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_a_server_that_echoes_the_request_puts_no_token_into_our_words(
    spec_of: Callable[..., ClusterSpec], status: int
) -> None:
    def echo(asked: Asked) -> Reply:
        return Reply(status, json.dumps({"message": f"you sent {asked.headers}"}).encode())

    with serving(echo) as served:
        connection = Connection(spec_of(served.url))
        with pytest.raises(Exception, match=r"\(hidden\)") as caught:
            connection.ask("DELETE", "/api/v1/nodes/n")

    assert "do-not-print-me" not in str(caught.value)


def test_a_web_page_is_a_refusal_and_no_silence(spec_of: Callable[..., ClusterSpec]) -> None:
    with (
        serving(lambda _: Reply(200, b"\n<!DOCTYPE html><title>Sign in</title>")) as served,
        pytest.raises(Exception, match=r"cluster\.html"),
    ):
        Connection(spec_of(served.url)).ask("GET", "/api/v1/nodes")


@pytest.mark.parametrize(
    ("server", "skip", "code"),
    [
        ("http://10.0.0.1:8080", False, "cluster.plain-http"),
        ("https://10.0.0.1:6443", True, "cluster.unverified"),
        ("https://10.0.0.1:6443", False, None),
        ("http://127.0.0.1:8080", True, None),
    ],
)
def test_a_way_to_the_server_that_lies_open_is_told(
    spec_of: Callable[..., ClusterSpec], server: str, skip: bool, code: str | None
) -> None:
    spec = spec_of(server)
    config = yaml.safe_load(Path(str(spec.kubeconfig)).read_text())
    config["clusters"][0]["cluster"]["insecure-skip-tls-verify"] = skip
    Path(str(spec.kubeconfig)).write_text(yaml.safe_dump(config))
    said = connect(spec).reader.exposed()

    assert (said.code if said else None) == code


@pytest.mark.parametrize(
    ("user", "renewed"),
    [
        pytest.param({"token": "abc"}, False, id="a token in the file"),
        pytest.param({"tokenFile": "/dev/null", "token": "x"}, False, id="both: the first counts"),
        pytest.param({"tokenFile": "/dev/null"}, True, id="a token in a file of its own"),
    ],
)
def test_a_login_says_whether_it_is_renewed(
    spec_of: Callable[..., ClusterSpec], user: dict[str, object], renewed: bool
) -> None:
    spec = spec_of("http://127.0.0.1:1")
    config = yaml.safe_load(Path(str(spec.kubeconfig)).read_text())
    config["users"][0]["user"] = user
    Path(str(spec.kubeconfig)).write_text(yaml.safe_dump(config))
    login = connect(spec).reader.login()

    assert (login.renewed, login.ends, login.balancer) == (renewed, None, False)
