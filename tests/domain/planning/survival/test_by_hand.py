"""The way back by hand: the route back's order, for every balancer, as lines that a shell understands and quotes."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.adapters.balancers import DRIVERS, by_hand_of
from migrator.domain.model.balancer import Backend, Weighted
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.survival.by_hand import Stage, Stands, by_hand
from tests.fakes.world import FakeWorld, quick

OPTIONS = {
    "haproxy": (("socket", "/run/haproxy.sock"),),
    "exec": (("command", "/opt/lb.sh --prod"),),
    "aws": (("newTargetGroups", "80=new-80"),),
    "tke": (("namespace", "edge"), ("services", "80=web")),
}
LISTENERS = {"ipvs": "10.0.0.1:80"}
REFS = {"tencent": "ins-1", "aliyun-clb": "ecs/i-1", "aliyun-nlb": "Ecs/i-1", "aws": "arn:old", "haproxy": "web-1"}
ORDER = ("register", "raise", "look", "lower", "go", "drain", "deregister", "remove", "undo", "forget")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return FakeWorld().plan(quick())


def stages(plan: Plan, provider: str, name: str = "") -> tuple[Stage, ...]:
    listener = name or LISTENERS.get(provider, "80")
    spec = BalancerSpec(provider, "lb-1", (ListenerSpec(listener, 80),), "eu-1", options=OPTIONS.get(provider, ()))
    lines = by_hand_of(provider)
    assert lines is not None
    old = Backend(listener, "10.0.0.7", 8080, REFS.get(provider, ""))
    stands = Stands((Weighted(old, 70),), (Backend(listener, "10.1.0.1", 80),), (old,), pointed=True)
    return by_hand(replace(plan, spec=replace(plan.spec, balancer=spec)), stands, lines)


@pytest.mark.parametrize("provider", DRIVERS)
def test_every_driver_says_how_its_balancer_is_written_to_and_the_old_side_comes_first(
    plan: Plan, provider: str
) -> None:
    found = stages(plan, provider)
    codes = [stage.title.code.removeprefix("hand.") for stage in found]
    said = {code: "\n".join(stage.lines) for code, stage in zip(codes, found, strict=True)}

    assert [code for code in codes if code in ORDER] == list(ORDER)
    assert codes.index("point-back") < codes.index("stay") < codes.index("register")
    assert "70" in said["raise"]
    assert subprocess.run(["/bin/sh", "-n"], input="\n".join(said.values()), text=True, check=False).returncode == 0


@pytest.mark.parametrize("provider", [name for name in DRIVERS if name not in ("exec", "tke", "aws")])
def test_no_name_of_a_balancer_is_more_than_a_word_of_a_line(plan: Plan, provider: str, tmp_path: Path) -> None:
    """Names come from plans and clouds: one that holds a command is not run. (AWS and TKE name listeners in their options.)"""
    evil = tmp_path / "evil"
    lines = [line for stage in stages(plan, provider, f"80;:>{evil}") for line in stage.lines if "kubectl" not in line]

    subprocess.run(
        ["/bin/sh", "-c", "\n".join(lines)], env={"PATH": "/nowhere"}, capture_output=True, check=False, timeout=20
    )

    assert not evil.exists()


def test_the_lines_of_the_exec_driver_do_what_they_say(plan: Plan, tmp_path: Path) -> None:
    log, command = tmp_path / "asked", tmp_path / "lb"
    command.write_text(f"#!/bin/sh\ncat >> {log}\n", encoding="utf-8")
    command.chmod(0o700)
    listener = ListenerSpec("80", 80)
    spec = BalancerSpec("exec", "lb-1", (listener,), options=(("command", str(command)),))
    lines = by_hand_of("exec")
    assert lines is not None
    stands = Stands((Weighted(Backend("80", "10.0.0.7", 8080), 70),), (Backend("80", "10.1.0.1", 80),))
    found = by_hand(replace(plan, spec=replace(plan.spec, balancer=spec)), stands, lines)

    for stage in found:
        for line in stage.lines:
            if "kubectl" not in line:
                subprocess.run(["sh", "-c", line], check=True, timeout=20)

    asked = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [row["verb"] for row in asked] == ["set_weights", "targets", "set_weights", "deregister"]
    assert [row["rows"][0]["weight"] for row in asked if row["verb"] == "set_weights"] == [70, 0]


def test_a_driver_that_says_nothing_of_it_has_none() -> None:
    assert by_hand_of("abacus") is None
    assert sys.modules.get("migrator.adapters.balancers.abacus") is None
