"""What only HAProxy has: half-made servers, servers with connections, reloads, names that would be commands."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.adapters.balancers.haproxy import haproxy
from migrator.adapters.balancers.haproxy.findings import of_process
from migrator.adapters.balancers.haproxy.rows import health, sections
from migrator.adapters.balancers.haproxy.runtime import Runtime
from migrator.domain.messages.errors import Refused, Unreachable, UsageError
from migrator.domain.model.actions import Deregister, OpState, Register, SetWeights
from migrator.domain.model.balancer import Backend, Health, Weighted
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from migrator.domain.ports.balancer import Monitors
from tests.contracts.balancer import Driver, until, weights
from tests.contracts.rigs import haproxy as rigs
from tests.words import refused

real = pytest.mark.skipif(bool(rigs.missing()), reason=rigs.missing() or "it is there")


@pytest.fixture
def server() -> Iterator[socket.socket]:
    """A server that accepts."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        yield sock


def section(server: socket.socket, port: int = 0) -> str:
    front = f"frontend in\n  bind 127.0.0.1:{port}\n  default_backend web\n" if port else ""
    return rigs.section("web", f"server old 127.0.0.1:{server.getsockname()[1]} weight 10") + front


@pytest.mark.parametrize(
    ("status", "check", "seen"),
    [
        pytest.param("UP", "L4OK", Health.HEALTHY, id="up"),
        pytest.param("UP 1/3", "L4CON", Health.HEALTHY, id="going down, still used"),
        pytest.param("UP 1/3", "INI", Health.PENDING, id="not checked yet"),
        pytest.param("DOWN", "L4CON", Health.UNHEALTHY, id="down"),
        pytest.param("DOWN 1/2", "L4OK", Health.UNHEALTHY, id="coming up, not used yet"),
        pytest.param("MAINT", "", Health.UNHEALTHY, id="in maintenance"),
        pytest.param("MAINT (via a/b)", "", Health.UNHEALTHY, id="in maintenance with another"),
        pytest.param("DRAIN", "L4OK", Health.UNHEALTHY, id="draining by hand"),
        pytest.param("NOLB", "L7OK", Health.UNHEALTHY, id="answering 404 to checks"),
        pytest.param("no check", "", Health.UNKNOWN, id="nobody checks it"),
    ],
)
def test_status_words_become_health(status: str, check: str, seen: Health) -> None:
    assert health(status, check) is seen


def test_a_server_says_what_it_has_counted_and_what_is_not_there_counts_as_nothing() -> None:
    reply = (
        "# pxname,svname,scur,status,bck,type,check_status,addr,algo,uweight,lbtot,econ,eresp,hrsp_5xx,\n"
        "web,a,3,UP,0,2,L4OK,10.0.0.1:80,,40,900,3,2,7,\n"
        "web,b,3,UP,0,2,L4OK,10.0.0.2:80,,40,,,,,\n"
        "web,BACKEND,3,UP,,1,,,roundrobin,41,,,,,\n\n"
    )
    first, second = (server.counted for server in sections(reply)["web"].servers)

    assert (first.asked, first.failed, first.bad) == (900, 5, 7)
    assert (second.asked, second.failed, second.bad) == (0, 0, None)


def test_servers_are_read_by_column_name_and_those_without_an_address_are_left_out() -> None:
    reply = (
        "# pxname,svname,scur,status,weight,bck,type,check_status,addr,cookie,algo,uweight,\n"
        "web,a,3,UP,1,0,2,L4OK,10.0.0.1:80,,,40,\n"
        "web,six,0,UP,1,0,2,L4OK,[fd00::1]:80,,,40,\n"
        "web,byname,0,MAINT,1,0,2,,,,,1,\n"
        "web,BACKEND,3,UP,41,,1,,,,roundrobin,41,\n\n"
    )
    found = sections(reply)["web"]

    assert [(s.backend.address, s.backend.ref, s.weight, s.sessions) for s in found.servers] == [
        ("10.0.0.1", "a", 40, 3),
        ("fd00::1", "six", 40, 0),
    ]
    assert found.algorithm == "roundrobin"


@pytest.mark.parametrize("name", ["web;shutdown sessions", "a b", ""])
def test_a_name_that_would_be_a_command_is_refused(name: str) -> None:
    with refused(UsageError, "haproxy.no-backend-name", listener=name):
        haproxy(BalancerSpec("haproxy", "h", (ListenerSpec(name, 80),), options=(("socket", "/s"),)))


@pytest.mark.parametrize(
    ("options", "code"),
    [
        pytest.param((), "haproxy.no-socket", id="missing"),
        pytest.param((("socket", "/s"), ("sockte", "/s")), "driver.unknown-option", id="unknown"),
        pytest.param((("check", ";x"), ("socket", "/s")), "haproxy.odd-check", id="odd"),
    ],
)
def test_missing_unknown_and_odd_options_are_refused(options: tuple[tuple[str, str], ...], code: str) -> None:
    with refused(UsageError, code):
        haproxy(BalancerSpec("haproxy", "h", (ListenerSpec("web", 80),), options=options))


def test_an_old_version_is_found() -> None:
    assert [finding.code for finding in of_process({"Version": "2.4.22", "Uptime_sec": "99"})] == [
        "balancer.version",
        "balancer.volatile",
    ]


@real
def test_a_section_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path, server: socket.socket) -> None:
    with rigs.running(tmp_path, section(server)) as sock, pytest.raises(Refused) as caught:
        rigs.driver(sock, "wbe").targets()

    said = caught.value.message
    assert (said.code, said["backends"]) == ("haproxy.no-backend", ("wbe",))
    assert "web" in said["there"]


@real
def test_a_server_left_half_made_is_finished_by_registering_it_again(tmp_path: Path, server: socket.socket) -> None:
    backend = Backend("web", "127.0.0.1", server.getsockname()[1] + 1 if server.getsockname()[1] < 65535 else 1)
    with rigs.running(tmp_path, section(server)) as sock:
        driver = rigs.driver(sock, "web", check=rigs.QUICK)
        name = f"web/migrator-127.0.0.1-{backend.port}"
        Runtime(str(sock)).ask([f"add server {name} 127.0.0.1:{backend.port} weight 0 check inter 100ms"])
        driver.register(Register((backend,)))
        stat = Runtime(str(sock)).ask(["show servers state web"])

    row = next(line.split() for line in stat.splitlines() if f"127.0.0.1-{backend.port}" in line)
    assert row[6] == "0"  # srv_admin_state: no maintenance


@real
def test_a_configured_server_left_in_maintenance_is_readied_by_registering_it(
    tmp_path: Path, server: socket.socket
) -> None:
    with rigs.running(tmp_path, section(server)) as sock:
        driver = rigs.driver(sock, "web")
        Runtime(str(sock)).ask(["set server web/old weight 0", "set server web/old state maint"])
        driver.register(Register((driver.targets()[0].backend,)))

        assert driver.targets()[0].health is not Health.UNHEALTHY


@real
def test_a_server_with_connections_goes_only_with_consent(tmp_path: Path, server: socket.socket) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free, socket.create_server(("127.0.0.1", 0)) as other:
        port, second = free.getsockname()[1], Backend("web", "127.0.0.1", other.getsockname()[1])
        free.close()
        with rigs.running(tmp_path, section(server, port)) as sock:
            driver = rigs.driver(sock, "web", check=rigs.QUICK)
            old = driver.targets()[0].backend
            with socket.create_connection(("127.0.0.1", port)) as client:
                until(lambda: driver.targets()[0].sessions == 1)
                driver.register(Register((second,)))
                driver.set_weights(SetWeights((Weighted(second, 10),)))
                driver.set_weights(SetWeights((Weighted(old, 0),)))
                with refused(Unreachable, "haproxy.has-connections") as later:
                    driver.deregister(Deregister((old,)))
                assert isinstance(later.value, Unreachable)
                assert later.value.retry_after
                assert driver.targets()[0].sessions == 1
                until(lambda: _gone(driver, old))
                client.settimeout(5)
                assert client.recv(1) == b""


@real
def test_a_real_balancer_says_how_many_connections_it_has_sent_where(tmp_path: Path, server: socket.socket) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with rigs.running(tmp_path, section(server, port)) as sock:
        driver = rigs.driver(sock, "web")
        before = driver.monitored()[0]
        with socket.create_connection(("127.0.0.1", port)):
            until(lambda: driver.monitored()[0].asked > before.asked)
        after = driver.monitored()[0]

    assert (before.asked, after.asked, after.failed) == (0, 1, 0)
    assert isinstance(driver, Monitors)


def _gone(driver: Driver, backend: Backend) -> bool:
    try:
        driver.deregister(Deregister((backend,), consent=True))
    except Unreachable:
        return False  # its sessions are ending; the run tries again
    return backend not in weights(driver)


@real
def test_after_a_restart_the_op_is_lost_and_the_added_server_is_gone(tmp_path: Path, server: socket.socket) -> None:
    added = Backend("web", "127.0.0.1", 9)
    with rigs.running(tmp_path, section(server)) as sock:
        driver = rigs.driver(sock, "web")
        op = driver.register(Register((added,)))
        assert driver.poll(op) is OpState.DONE
    with rigs.running(tmp_path, section(server)) as sock:
        assert driver.poll(op) is OpState.LOST
        assert added not in weights(driver)
        with refused(Refused, "driver.not-there", where="HAProxy", backends=(str(added),)):
            driver.set_weights(SetWeights((Weighted(added, 1),)))


@real
def test_a_weight_haproxy_does_not_take_is_refused(tmp_path: Path, server: socket.socket) -> None:
    with rigs.running(tmp_path, section(server)) as sock:
        driver = rigs.driver(sock, "web")
        with refused(Refused, "haproxy.refused") as no:
            driver.set_weights(SetWeights((Weighted(driver.targets()[0].backend, 257),)))
    assert "between 0 and 256" in str(no.value.message["words"])


def test_a_socket_that_nobody_serves_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(Unreachable):
        Runtime(str(tmp_path / "none.sock")).ask(["show info"])
    with pytest.raises(Unreachable):
        Runtime("127.0.0.1:9").ask(["show info"])


def test_a_socket_that_closes_without_a_word_is_unreachable() -> None:
    import threading

    with socket.create_server(("127.0.0.1", 0)) as mute:
        thread = threading.Thread(target=lambda: mute.accept()[0].close())
        thread.start()
        with pytest.raises(Unreachable):
            Runtime(f"127.0.0.1:{mute.getsockname()[1]}").ask(["show info"])
        thread.join(5)
