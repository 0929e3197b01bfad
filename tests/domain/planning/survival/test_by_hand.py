"""The way back by hand: the route back's order, for every balancer, as lines that a shell understands and quotes."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.adapters.balancers import DRIVERS, by_hand_of
from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Backend, Weighted
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.survival.by_hand import Stage, Stands, by_hand
from tests.fakes.clusters import THERE
from tests.fakes.objects import NAMESPACE, OLD
from tests.fakes.two_worlds import TwoWorlds, two
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


def test_the_gateway_that_was_to_be_kept_is_set_apart_before_its_workload_is_removed(plan: Plan) -> None:
    lines, worst = by_hand_of("tencent"), PodRef("edge", "gw-ds-1", "u", "10.1.0.1", "n-1")
    assert lines is not None
    keeping = replace(plan, aside=("app",), spec=replace(plan.spec, balancer=BalancerSpec("tencent", "lb-1", ())))

    found = by_hand(keeping, Stands((), (), kept=worst), lines)

    codes = [stage.title.code for stage in found]
    assert codes.index("hand.keep") == codes.index("hand.remove") - 1
    (line,) = found[codes.index("hand.keep")].lines
    assert "patch pod gw-ds-1" in line
    assert '"app":null' in line
    assert '"migrator.dev/isolated":"true"' in line


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


def test_of_two_clusters_every_command_names_the_objects_own() -> None:
    spec = two()
    listener = ListenerSpec("80", 80)
    spec = replace(spec, balancer=BalancerSpec("exec", "lb-1", (listener,), options=OPTIONS["exec"]))
    old, new = Backend("80", "10.0.0.7", 8080), Backend("80", "10.2.0.1", 80)
    lines = by_hand_of("exec")
    assert lines is not None
    plan = TwoWorlds().plan(two())

    found = by_hand(replace(plan, spec=spec), Stands((Weighted(old, 70),), (new,), pointed=True), lines)

    said = {
        stage.title.code.removeprefix("hand."): [line for line in stage.lines if "kubectl" in line] for stage in found
    }
    here, there = ("kubectl --kubeconfig=/plan/config --context=a", "kubectl --kubeconfig=/plan/config --context=b")
    assert {code: [(here in line, there in line) for line in each] for code, each in said.items() if each} == {
        "nobody-else": [(True, False), (False, True)],
        "stay": [(True, False)],
        "go": [(False, True)],
        "remove": [(False, True)],
        "undo": [(True, False)],
        "forget": [(True, False), (True, False), (False, True)],
    }
    assert [line.split()[-3:-1] for line in said["forget"][1:]] == [["lease", f"migrator-{OLD}"]] * 2


def test_a_change_of_an_object_in_the_other_cluster_is_taken_back_there() -> None:
    plan = TwoWorlds().plan(two())
    change = replace(plan.changes[0], ref=replace(plan.changes[0].ref, cluster=THERE))
    lines = by_hand_of("ipvs")
    assert lines is not None

    found = by_hand(replace(plan, changes=(change,)), Stands((), ()), lines)

    (undo,) = next(stage for stage in found if stage.title.code == "hand.undo").lines
    assert undo.startswith(f"kubectl --kubeconfig=/plan/config --context={THERE} -n {NAMESPACE} patch ")
