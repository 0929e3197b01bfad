"""Who we are is renewed before it ends and after it was refused; a renewal holds no call for long, and ends nobody."""

from __future__ import annotations

import base64
import json
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
import yaml
from kubernetes.client import Configuration
from kubernetes.config import ConfigException

from migrator.adapters.cluster import credentials
from migrator.adapters.cluster.connection import Connection
from migrator.adapters.cluster.credentials import Credentials
from migrator.adapters.cluster.login import end_of_certificate, end_of_token
from migrator.domain.messages.errors import Denied, MigratorError, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.spec import ClusterSpec
from tests.adapters.served import Asked, Reply, serving

SERVER = say("cluster.server", host="https://there", context="")
SECRET = "do-not-print-me"
LATE = 15.0  # a renewal that hangs takes 20 s
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Told:
    """A login that gives what it is told: tokens with their ends, or errors."""

    rereads = False

    def __init__(self, *answers: tuple[str, datetime | None] | Exception) -> None:
        self.answers, self.times = list(answers), 0
        self.goes_on = Event()
        self.goes_on.set()

    def into(self, configuration: Configuration) -> datetime | None:
        assert self.goes_on.wait(20.0)
        self.times += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        configuration.api_key = {"BearerToken": f"Bearer {answer[0]}"}
        return answer[1]


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def begun(login: Told, ends: datetime | None = LONG_AGO) -> Credentials:
    configuration = Configuration()
    configuration.api_key = {"BearerToken": "Bearer first"}
    return Credentials(login, configuration, ends)


def token(of: Credentials, seconds: float = 5.0) -> str:
    return of.headers(SERVER, seconds)["authorization"]


def eventually(holds: Callable[[], bool]) -> bool:
    for _ in range(200):
        if holds():
            return True
        time.sleep(0.02)
    return False


def jwt(**claims: object) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJub25lIn0.{body}.sig"


@pytest.mark.parametrize(
    "error",
    [
        ConfigException(f"no {SECRET}"),
        OSError(SECRET),
        FileNotFoundError(2, "gone", SECRET),
        ValueError(SECRET),
        KeyError(SECRET),
        TypeError(SECRET),
        AttributeError(SECRET),
        RuntimeError(SECRET),
        RecursionError(SECRET),
        subprocess.SubprocessError(SECRET),
        TimeoutError(SECRET),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whatever_a_renewal_raises_is_that_we_are_not_let_in_and_its_text_is_not_passed_on(error: Exception) -> None:
    with pytest.raises(Denied) as caught:
        token(begun(Told(error)))

    assert caught.value.message.code == "cluster.not-renewed"
    assert type(error).__name__ in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_renewal_that_hangs_holds_a_call_no_longer_than_the_call_has_and_serves_the_next_one() -> None:
    login = Told(("second", None))
    login.goes_on.clear()
    ours, began = begun(login), time.monotonic()
    for _ in range(3):
        with pytest.raises(Unreachable, match=r"cluster\.login-late"):
            token(ours, 0.1)
    took = time.monotonic() - began
    login.goes_on.set()

    assert token(ours) == "Bearer second"
    assert took < LATE
    assert login.times == 1


def test_a_renewal_that_hangs_for_ever_is_left_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "GIVEN_UP", 0.0)
    monkeypatch.setattr(credentials, "AGAIN_AFTER", 0.0)
    login = Told(("second", None))
    login.goes_on.clear()
    ours = begun(login)
    with pytest.raises(Unreachable):
        token(ours, 0.1)
    login.goes_on = Event()
    login.goes_on.set()

    assert token(ours) == "Bearer second"


def test_a_token_that_still_holds_is_used_while_its_renewal_hangs_or_fails() -> None:
    login = Told(OSError())
    login.goes_on.clear()
    ours = begun(login, soon(1.0))
    ours._early = 300.0
    began = time.monotonic()
    first = token(ours, 18.0)
    took = time.monotonic() - began
    login.goes_on.set()
    assert eventually(lambda: login.times == 1)

    assert (first, token(ours)) == ("Bearer first", "Bearer first")
    assert took < LATE


def test_a_token_is_renewed_before_it_ends() -> None:
    ours = begun(Told(("second", soon(3600.0))), soon(3600.0))
    ours._ends = soon(290.0)
    token(ours)

    assert eventually(lambda: token(ours) == "Bearer second")


def test_a_short_life_is_not_renewed_at_every_call() -> None:
    login = Told(("second", None))
    ours = begun(login, soon(120.0))

    assert [token(ours) for _ in range(5)] == ["Bearer first"] * 5
    assert login.times == 0


def kubeconfig(path: Path, user: dict[str, object], url: str) -> ClusterSpec:
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "here",
        "clusters": [{"name": "c", "cluster": {"server": url}}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u"}}],
    }
    path.write_text(yaml.safe_dump(content))
    return ClusterSpec("ns", kubeconfig=str(path))


def knows(*tokens: str) -> Callable[[Asked], Reply]:
    return lambda asked: Reply(200) if asked.headers["authorization"].split()[-1] in tokens else Reply(401, b"no")


def test_after_a_refusal_a_kubeconfig_that_somebody_renewed_is_read_again(tmp_path: Path) -> None:
    with serving(knows("second")) as served:
        connection = Connection(kubeconfig(tmp_path / "k", {"token": "first"}, served.url))
        with pytest.raises(Denied):
            connection.ask("GET", "/api/v1/nodes")
        kubeconfig(tmp_path / "k", {"token": "second-one"}, served.url)
        kubeconfig(tmp_path / "k", {"token": "second"}, served.url)

        assert eventually(lambda: lets_in(connection))


def lets_in(connection: Connection) -> bool:
    try:
        return connection.ask("GET", "/api/v1/nodes") == {}
    except MigratorError:
        return False


def test_a_token_in_a_file_of_its_own_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "REREAD", 0.0)
    file = tmp_path / "token"
    file.write_text("first")
    with serving(knows("second")) as served:
        connection = Connection(kubeconfig(tmp_path / "k", {"tokenFile": str(file)}, served.url))
        file.write_text("second")

        assert eventually(lambda: lets_in(connection))


@pytest.mark.parametrize("change", ["gone", "rubbish", "another context"])
def test_a_kubeconfig_that_is_broken_meanwhile_ends_nothing(tmp_path: Path, change: str) -> None:
    path = tmp_path / "k"
    user = {"auth-provider": {"name": "oidc", "config": {"id-token": jwt(exp=1_500_000_000)}}}
    with serving(lambda _: Reply()) as served:
        spec = kubeconfig(path, {"token": jwt(exp=1_500_000_000)}, served.url)
        connection = Connection(spec)
        match change:
            case "gone":
                path.unlink()
            case "rubbish":
                path.write_bytes(b"\xff\xfe: [" + SECRET.encode())
            case _:
                kubeconfig(path, user, served.url)
        with pytest.raises(Denied) as caught:
            connection.ask("GET", "/api/v1/nodes")

    assert SECRET not in str(caught.value)


def test_an_identity_provider_that_hangs_holds_no_call(tmp_path: Path) -> None:
    """The client's own refresh of an OIDC token has no timeout at all."""
    with serving(lambda _: Reply(seconds=2.0)) as provider, serving(lambda _: Reply()) as served:
        settings = {"id-token": jwt(exp=time.time() + 3600), "idp-issuer-url": provider.url}
        user: dict[str, object] = {"auth-provider": {"name": "oidc", "config": settings}}
        connection = Connection(kubeconfig(tmp_path / "k", user, served.url), 0.5)
        connection._credentials._ends = LONG_AGO
        connection._credentials._login._loader._user["auth-provider"]["config"].value["id-token"] = jwt(exp=1)  # type: ignore[attr-defined]
        began = time.monotonic()
        with pytest.raises(Unreachable, match=r"cluster\.login-late"):
            connection.ask("GET", "/api/v1/nodes")

    assert time.monotonic() - began < 20.0


def test_a_certificate_that_a_program_gives_is_renewed_for_new_connections(tmp_path: Path) -> None:
    connection = Connection(kubeconfig(tmp_path / "k", {"token": "first"}, "http://127.0.0.1:1"))

    class Renewed(Told):
        def into(self, configuration: Configuration) -> datetime | None:
            configuration.cert_file, configuration.key_file = "new.crt", "new.key"
            return None

    connection._credentials = Credentials(Renewed(), connection.configuration, LONG_AGO)
    connection.credentials(5.0)

    pool = connection._client.rest_client.pool_manager.connection_pool_kw
    assert (pool["cert_file"], pool["key_file"]) == ("new.crt", "new.key")


@pytest.mark.parametrize(
    ("of", "ends"),
    [
        pytest.param(f"Bearer {jwt(exp=1_500_000_000)}", datetime(2017, 7, 14, 2, 40, tzinfo=UTC), id="a JWT"),
        pytest.param(jwt(exp="soon"), None, id="an end that is no number"),
        pytest.param(jwt(exp=1e30), None, id="an end beyond all time"),
        pytest.param(jwt(sub="x"), None, id="no end"),
        pytest.param("Bearer abc", None, id="no JWT"),
        pytest.param("Bearer a.%%%.c", None, id="no base64"),
        pytest.param("", None, id="no token"),
    ],
)
def test_the_end_of_a_token_is_read_where_it_says_so(of: str, ends: datetime | None) -> None:
    assert end_of_token(of) == ends


def test_what_is_no_certificate_has_no_end(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("CERT")

    assert end_of_certificate(str(tmp_path / "c")) is None
    assert end_of_certificate(str(tmp_path / "nothing")) is None
