"""`python -m migrator.lab.world.prometheus`: a real Prometheus, found on PATH, that scrapes the cluster's gateways.

It scrapes what a pod declares as `http-envoy-prom` (Istio) or `metrics` (Envoy Gateway, ingress-nginx). Istio's gateways are
plain Envoys here, so a rule derives `istio_requests_total` from Envoy's counters; nothing is invented, a class of answers
becomes its round status code.
"""

import argparse
import contextlib
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import httpx
import yaml

from migrator.lab.ground import kubeconfig
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.manifests import Json
from migrator.lab.process import die_with_parent, spawn, stop

log = logging.getLogger(__name__)

TARGETS = "targets.json"
_PORTS = ("http-envoy-prom", "metrics")
_READY_WITHIN = 20.0
_FOLLOW_EVERY = 1.0
_ANSWERS = 'envoy_http_downstream_rq_xx{envoy_http_conn_manager_prefix!~"admin|agent|stats"}'


def configuration(data: Path) -> Json:
    """Return prometheus.yml. Targets come from a file, because Debian's Prometheus knows no Kubernetes.

    Its files are named from the root: Prometheus takes any other name for one beside prometheus.yml, not below where we are.
    """
    folder = data.resolve()
    discovery = {"files": [str(folder / TARGETS)], "refresh_interval": "1s"}
    job = {"job_name": "gateways", "metrics_path": "/stats/prometheus", "file_sd_configs": [discovery]}
    timing = {"scrape_interval": "1s", "scrape_timeout": "900ms", "evaluation_interval": "1s"}
    return {"global": timing, "rule_files": [str(folder / "rules.yml")], "scrape_configs": [job]}


def targets(pods: Iterable[Json]) -> list[Json]:
    """Return the file's content: one group for each running pod with such a port."""
    groups = []
    for pod in pods:
        ports = [port for container in pod["spec"]["containers"] for port in container.get("ports") or []]
        port = next((port["containerPort"] for port in ports if port.get("name") in _PORTS), None)
        address = pod.get("status", {}).get("podIP")
        if port and address:
            path = (pod["metadata"].get("annotations") or {}).get("prometheus.io/path", "/stats/prometheus")
            labels = {**_labels(pod["metadata"]), "__metrics_path__": path}
            groups.append({"targets": [f"{address}:{port}"], "labels": labels})
    return groups


def _labels(meta: Json) -> dict[str, str]:
    owner: Json = next(iter(meta.get("ownerReferences") or []), {"kind": "", "name": ""})
    name = str(owner["name"])
    workload = name.rpartition("-")[0] if owner["kind"] == "ReplicaSet" else name
    return {"namespace": meta["namespace"], "pod": meta["name"], "workload": workload}


def recording() -> Json:
    """Return the rule that turns Envoy's classes of answers into Istio's counter."""
    coded = f'label_replace({_ANSWERS}, "response_code", "${{1}}00", "envoy_response_code_class", "(.)")'
    named = f'label_replace({coded}, "source_workload", "$1", "workload", "(.*)")'
    spaced = f'label_replace({named}, "source_workload_namespace", "$1", "namespace", "(.*)")'
    rule = {"record": "istio_requests_total", "expr": spaced, "labels": {"reporter": "source"}}
    return {"groups": [{"name": "istio", "rules": [rule]}]}


def main() -> int:
    """Serve until SIGTERM; exit 1 when Prometheus ends by itself."""
    die_with_parent()
    parser = argparse.ArgumentParser(prog="migrator.lab.world.prometheus", description=__doc__)
    parser.add_argument("--kubeconfig", type=Path, required=True, action="append", help="again for a second cluster")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    at = f"{options.host}:{options.port}"
    shutil.rmtree(options.data, ignore_errors=True)  # a lab begins without a past
    options.data.mkdir(parents=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.ExitStack() as stack:
        clusters = [Cluster(stack.enter_context(kubeconfig.connect(path))) for path in options.kubeconfig]
        return _run(clusters, at, options.data)


def _run(clusters: Sequence[Cluster], at: str, data: Path) -> int:
    _follow(clusters, data)
    popen = spawn(_argv(at, data), stdout=subprocess.DEVNULL)
    try:
        if not _serves(popen, f"http://{at}/-/ready"):
            return 1
        print(json.dumps({"ready": True, "part": "prometheus", "url": f"http://{at}"}), flush=True)  # noqa: T201
        while popen.poll() is None:
            _follow(clusters, data)
            time.sleep(_FOLLOW_EVERY)
        return 1
    finally:
        stop(popen)


def _follow(clusters: Sequence[Cluster], data: Path) -> None:
    """Write down where the gateways are now; an API server that does not answer changes nothing."""
    try:
        pods = [pod for cluster in clusters for pod in cluster.get("/api/v1/pods")["items"]]
    except httpx.HTTPError as error:
        log.warning("pods were not listed: %s", error)
        return
    fresh = data / f"{TARGETS}.new"
    fresh.write_text(json.dumps(targets(pods)))
    os.replace(fresh, data / TARGETS)


def _argv(at: str, data: Path) -> list[str]:
    (data / "rules.yml").write_text(yaml.safe_dump(recording()))
    (data / "prometheus.yml").write_text(yaml.safe_dump(configuration(data)))
    return [
        "prometheus",
        f"--config.file={data / 'prometheus.yml'}",
        f"--storage.tsdb.path={data / 'tsdb'}",
        f"--web.listen-address={at}",
        "--log.level=warn",
    ]


def _serves(popen: "subprocess.Popen[bytes]", url: str) -> bool:
    deadline = time.monotonic() + _READY_WITHIN
    while time.monotonic() < deadline and popen.poll() is None:
        try:
            if httpx.get(url, timeout=1, trust_env=False).status_code == httpx.codes.OK:
                return True
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    return False


if __name__ == "__main__":
    sys.exit(main())
