"""Two labs never share a loopback net or a directory, and a dead holder holds nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from migrator.lab.ground.layout import Layout, Scenario, seconds
from migrator.lab.ground.nets import Taken, borrowed_net, claim_file, claim_net


def test_a_net_in_use_is_refused_and_auto_finds_another() -> None:
    with borrowed_net() as first, borrowed_net() as second:
        assert first != second
        with pytest.raises(Taken, match=first):
            claim_net(first)


def test_a_lock_ends_with_its_holder(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib, os, signal\nfrom migrator.lab.ground.nets import claim_file\n"
        "claim_file(pathlib.Path(sys.argv[1]))\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "lock")], check=False, timeout=20)

    os.close(claim_file(tmp_path / "lock"))


@pytest.mark.parametrize("net", ["127.1", "127.251", "10.77", "127.77.0", "127"])
def test_a_net_outside_the_labs_range_is_refused(net: str) -> None:
    with pytest.raises(ValueError, match="127"):
        Layout(net)


def test_the_addresses_follow_from_the_net() -> None:
    layout = Layout("127.88")

    assert str(layout.api) == "127.88.0.1:6443"
    assert str(layout.vip) == "127.88.0.9:8080"
    assert layout.node(3) == "127.88.1.3"


@pytest.mark.parametrize(("text", "value"), [("500ms", 0.5), ("5s", 5.0), ("2m", 120.0), ("0.5s", 0.5)])
def test_a_duration_has_a_unit(text: str, value: float) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["5", "", "5h", "-1s", "1 000ms"])
def test_a_duration_without_a_known_unit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        seconds(text)


def test_an_unknown_part_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"unknown parts dns.*balancer"):
        Scenario(parts=("api", "dns"))


def test_strangers_bring_their_own_api_server_and_controllers(tmp_path: Path) -> None:
    scenario = Scenario(strangers=tmp_path / "kubeconfig")

    assert "api" not in scenario.started
    assert "controllers" not in scenario.started
    assert "node" in scenario.started
