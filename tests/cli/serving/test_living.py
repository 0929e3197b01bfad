"""What a cluster's probes are told of a process that looks after gateways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.app.run.off import Off
from migrator.app.run.several import LONGEST_SILENCE, Several, Stand
from migrator.cli.serving.living import living
from migrator.domain.messages.errors import UsageError
from migrator.domain.model.runs import Run
from tests.cli.serving.world import get, live
from tests.words import refused

pytest.importorskip("prometheus_client", reason="prometheus-client is not installed: `pip install migrator[metrics]`")


def never(_alive: Callable[[], None], _leave: Callable[[], bool]) -> Run:
    raise AssertionError("nobody begins it")


def several(now: list[float], stand: Stand) -> Several:
    made = Several({"edge": never}, lambda: True, lambda _name, _why: None, lambda: now[0])
    made.signs["edge"] = replace(made.signs["edge"], stand=stand)
    return made


@pytest.mark.parametrize(
    ("stand", "silent", "healthy", "ready"),
    [
        pytest.param(Stand.FOLLOWED, 0.0, 200, 200, id="looked after"),
        pytest.param(Stand.STANDS_BY, 0.0, 200, 200, id="by somebody else"),
        pytest.param(Stand.TROUBLED, 0.0, 200, 503, id="by nobody"),
        pytest.param(Stand.FOLLOWED, LONGEST_SILENCE, 503, 200, id="its thread is stuck"),
    ],
)
def test_the_probes_are_answered_by_how_the_gateways_stand(
    tmp_path: Path, stand: Stand, silent: float, healthy: int, ready: int
) -> None:
    now = [0.0]
    made = several(now, stand)
    now[0] = silent
    with living("127.0.0.1:0", made, Off(lambda: 0.0), str(live(tmp_path))) as server:
        said = [get(server, path) for path in ("/healthz", "/readyz", "/metrics", "/runs/1", "/off?address=10.0.0.1")]

    assert [answer.status for answer in said] == [healthy, ready, 200, 404, 503]
    assert said[0].body == f"edge {stand}\n"


def test_a_port_that_is_taken_is_refused(tmp_path: Path) -> None:
    now = [0.0]
    with (
        living("127.0.0.1:0", several(now, Stand.FOLLOWED), Off(lambda: 0.0), str(tmp_path)) as server,
        refused(UsageError, "serve.not-bound"),
        living(f"127.0.0.1:{server.server_port}", several(now, Stand.FOLLOWED), Off(lambda: 0.0), str(tmp_path)),
    ):
        pass
