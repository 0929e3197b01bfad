"""What the containers of Contour's pods run: the bootstrap that one writes for another, and how a pod's end is waited for."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from migrator.lab.contour.command import Ending, arguments, shut_down, write_bootstrap
from migrator.lab.gateway.envoy_command import read_settings, with_files
from migrator.lab.ground.layout import Scenario
from migrator.lab.http1.messages import Request, Response
from migrator.lab.http1.server import Connection
from migrator.lab.starts.contour import SPACE, daemon_set

POD = daemon_set(Scenario())["spec"]["template"]["spec"]
AT_ONCE = Ending(0.0, 0.0, 0.01, 0)


def environment(folder: Path) -> dict[str, str]:
    return {
        "TMPDIR": str(folder),
        "POD_NAME": "envoy-1",
        "POD_NAMESPACE": SPACE,
        "POD_IP": "127.77.1.1",
        "CONTOUR_NAMESPACE": SPACE,
    }


def written(folder: Path) -> dict[str, str]:
    env = environment(folder)
    assert write_bootstrap(arguments(POD["initContainers"][0]["args"]), env) == 0
    return env


def words(env: dict[str, str]) -> list[str]:
    known = {"$(CONTOUR_NAMESPACE)": env["CONTOUR_NAMESPACE"], "$(ENVOY_POD_NAME)": env["POD_NAME"]}
    return [known.get(word, word) for word in POD["containers"][1]["args"]]


def test_envoy_takes_the_bootstrap_that_its_pod_s_first_container_wrote(tmp_path: Path) -> None:
    env = written(tmp_path)
    settings = read_settings(words(env), env)

    assert settings.xds == (Scenario().layout.contour.host, 8001)
    assert settings.bootstrap["node"] == {"id": "envoy-1", "cluster": SPACE}
    assert settings.key == f"{SPACE}/envoy-1"


def test_the_admin_interface_is_a_socket_and_no_listener_is_written(tmp_path: Path) -> None:
    written(tmp_path)
    bootstrap = json.loads((tmp_path / "envoy-1/config/envoy.json").read_text(encoding="utf-8"))

    assert bootstrap["admin"]["address"] == {"pipe": {"path": str(tmp_path / "envoy-1/admin/admin.sock")}}
    assert [one["name"] for one in bootstrap["static_resources"]["clusters"]] == ["contour", "envoy-admin"]
    assert "listeners" not in bootstrap["static_resources"]
    assert set(with_files(bootstrap, tmp_path)["dynamic_resources"]) == {"lds_config", "cds_config"}


def test_a_pod_may_end_once_no_client_is_connected(tmp_path: Path) -> None:
    admin, ready = tmp_path / "a.sock", tmp_path / "ok"
    asked: list[str] = []
    left = [2, 1, 0]

    def answer(request: Request) -> Response:
        asked.append(f"{request.method} {request.path}")
        if request.path != "/stats":
            return Response(200)
        value = left.pop(0)
        rows = [{"name": "http.ingress_http.downstream_cx_active", "value": value}, {"histograms": {}}]
        return Response(200, json.dumps({"stats": rows}).encode())

    async def ended() -> None:
        server = await asyncio.get_running_loop().create_unix_server(lambda: Connection(answer), admin)
        async with server:
            await shut_down(admin, ready, AT_ONCE)

    asyncio.run(ended())

    assert asked == ["POST /healthcheck/fail", *["GET /stats"] * 3]
    assert ready.exists()


def test_a_pod_whose_envoy_is_gone_may_end(tmp_path: Path) -> None:
    asyncio.run(shut_down(tmp_path / "none.sock", tmp_path / "ok", AT_ONCE))

    assert (tmp_path / "ok").exists()
