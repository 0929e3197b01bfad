"""The ways to move a gateway that people use, with the founding document's own seconds; only its step is shortened.

None of them is changed to lose more than it does, and none is given knowledge that its author did not write down.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from migrator.lab.ground.layout import DERIVED, IN_PLACE
from migrator.lab.process import NotReady
from migrator.lab.rivals.stage import Stage

STEP_SECONDS = 1.0  # the document's INTERVAL is 60
_HERE = Path(__file__).parent

# The founding document's preStop; `localhost` became the pod's address, because a lab pod has no network of its own.
PRE_STOP = """# 1. 进入 DRAIN 模式(仍接受请求,但健康检查返回 503)
curl -sf -X POST "http://$POD_IP:15000/drain_listeners?inboundonly" || true
# 2. 等待 CLB 健康检查失败并摘除节点(期间请求仍正常处理)
sleep 15
# 3. 等待现有连接处理完成
sleep 5
"""


@dataclass(frozen=True, slots=True)
class Rival:
    """One way. `switch` returns when its author would say that the migration is complete; `way` is the lab it is tried in."""

    name: str
    title: str
    switch: Callable[[Stage], None]
    pre_stop: str = ""
    direction: str = "OUTBOUND"
    loses: bool = True
    way: str = DERIVED


def delete_and_apply(stage: Stage) -> None:
    """In place: delete the Deployment, apply the DaemonSet, then correct the balancer."""
    old = stage.old()
    stage.delete_deployment()
    stage.apply_daemonset()
    stage.await_daemonset()
    stage.cloud.register(dict.fromkeys(stage.new(), 100))
    stage.cloud.deregister(old)


def by_hand_in_place(stage: Stage) -> None:
    """The same where the new pods need the very ports of the old ones: the balancer's rows are the nodes', and stay."""
    stage.delete_deployment()
    stage.apply_daemonset()
    stage.await_daemonset()


def gray_script(stage: Stage) -> None:
    """The gray script; when it says that it is complete, the old side is taken away."""
    old = stage.old()
    _join_at_zero(stage)
    env = {
        **os.environ,
        "LAB_PYTHON": sys.executable,
        "LAB_NET": stage.scenario.net,
        "INTERVAL": f"{STEP_SECONDS:g}",
        "BASH_ENV": str(_HERE / "shims.sh"),
    }
    with (stage.folder / "gray.log").open("wb") as log:
        subprocess.run(["bash", str(_HERE / "gray.sh")], env=env, check=True, timeout=90, stdout=log, stderr=log)
    stage.cloud.deregister(old)
    stage.delete_deployment()


def weights_then_kill(stage: Stage) -> None:
    """Shares 10, 50, 90, 100 as migrator would; then weight 0 is taken for silence and the old side is deleted."""
    old, new = stage.old(), stage.new()
    _join_at_zero(stage)
    for share in (10, 50, 90, 100):
        heavy, light = round(100 - share), round(share * len(old) / len(new))
        stage.cloud.set_weights({**dict.fromkeys(old, heavy), **dict.fromkeys(new, light)})
        time.sleep(STEP_SECONDS)
    stage.delete_deployment()
    stage.cloud.deregister(old)


def pre_stop(stage: Stage) -> None:
    """Both sides behind the balancer at full weight; then the old one is deleted and its preStop does the rest."""
    if shutil.which("curl") is None:
        raise NotReady("the document's preStop calls curl, which is not on PATH; its `|| true` would hide that")
    old = stage.old()
    stage.apply_daemonset()
    stage.await_daemonset()
    stage.cloud.register(dict.fromkeys(stage.new(), 100))
    time.sleep(STEP_SECONDS)
    stage.delete_deployment()
    stage.await_old_gone()
    stage.cloud.deregister(old)


def _join_at_zero(stage: Stage) -> None:
    stage.apply_daemonset()
    stage.await_daemonset()
    stage.cloud.register(dict.fromkeys(stage.new(), 0))


NAIVE = (
    Rival("delete-and-apply", "delete the Deployment, apply the DaemonSet", delete_and_apply),
    Rival("in-place", "in place, by hand: delete the Deployment, apply the DaemonSet", by_hand_in_place, way=IN_PLACE),
    Rival("gray-script", "the founding document's gray script, then delete", gray_script),
    Rival("weights-then-kill", "weights to 0:100, then delete", weights_then_kill),
    Rival("prestop-inbound", "the document's preStop, INBOUND listeners", pre_stop, PRE_STOP, "INBOUND"),
    Rival("prestop-istio", "the document's preStop, Istio's OUTBOUND listeners", pre_stop, PRE_STOP),
)
