"""The lab's HAProxy hides no lost connection, and its counts outlive its servers."""

import subprocess
from pathlib import Path

import pytest

from migrator.lab.balancer.settings import BalancerSpec, HealthSpec, ListenerSpec
from migrator.lab.haproxy import program
from migrator.lab.haproxy.admin import Counts, listener
from migrator.lab.haproxy.config import check, config
from migrator.lab.haproxy.runtime import Server

SPEC = BalancerSpec("lb-lab", "127.0.0.1", (ListenerSpec("web", 18080), ListenerSpec("tls", 18443)))


def server(connections: int, weight: int = 10) -> Server:
    return Server("a", "127.0.0.1:1", weight, alive=True, connections=connections, active=1)


def test_haproxy_tries_no_connection_twice_or_elsewhere() -> None:
    lines = [line.strip() for line in config(SPEC, "127.0.0.1:1").splitlines()]

    assert "mode tcp" in lines
    assert "retries 0" in lines
    assert not any("redispatch" in line for line in lines)


def test_each_listener_leads_to_a_section_of_its_name() -> None:
    text = config(SPEC, "127.0.0.1:1")

    assert "bind 127.0.0.1:18443\n  default_backend tls\n" in text
    assert "backend tls\n" in text


@pytest.mark.skipif(bool(program.missing()), reason=program.missing() or "it is there")
def test_haproxy_finds_the_file_valid_without_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "haproxy.cfg"
    file.write_text(config(SPEC, "127.0.0.1:18081"))

    found = program.path()
    assert found is not None
    done = subprocess.run([found, "-c", "-f", str(file)], capture_output=True, text=True, timeout=10, check=False)

    assert done.returncode == 0
    assert "WARNING" not in done.stderr


def test_servers_are_checked_as_the_balancer_says() -> None:
    health = HealthSpec(interval_s=0.5, rise=2, fall=3)

    assert check(health) == "check inter 500ms fall 3 rise 2 port 15021"
    assert check(HealthSpec("tcp", interval_s=1.0)) == "check inter 1000ms fall 2 rise 2"
    assert check(HealthSpec("off")) == ""


def test_counts_of_a_server_that_is_removed_and_added_again_go_on() -> None:
    counts = Counts()

    assert counts.take([server(7)]) == {"127.0.0.1:1": 7}
    assert counts.take([]) == {"127.0.0.1:1": 7}
    assert counts.take([server(2)]) == {"127.0.0.1:1": 9}


def test_a_server_that_is_gone_has_no_weight_but_keeps_its_count() -> None:
    found = listener([], {"127.0.0.1:1": 7})

    assert found["targets"]["127.0.0.1:1"]["connections"] == 7
    assert found["targets"]["127.0.0.1:1"]["effective_weight"] is None


def test_a_machine_without_haproxy_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(program, "_ALSO", ())

    assert program.path() is None
    assert "apt-get install haproxy" in program.missing()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        pytest.param("HAProxy version 2.4.22", "2.6 or newer is needed", id="too old"),
        pytest.param("hello", "does not say its version", id="something else"),
    ],
)
def test_a_program_that_does_not_fit_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, reason: str
) -> None:
    fake = tmp_path / "haproxy"
    fake.write_text(f"#!/bin/sh\necho '{said}'\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert reason in program.missing()
