"""`init`: a first plan file from a cluster that answers, that can be read, holds no secret, and replaces nothing unasked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from migrator.adapters.planfile.read import read, read_file
from migrator.app.begin.writing import SCHEMA
from migrator.cli.main import cli
from migrator.domain.model.spec import After
from tests.cli.world import SECRETS, Terminal, closed_port

POD = {"metadata": {"labels": {"app": "edge"}}, "spec": {"containers": [{"name": "istio-proxy", "image": "proxyv2"}]}}
EDGE = {
    "metadata": {"name": "edge", "namespace": "gateways"},
    "spec": {"template": POD},
    "status": {"readyReplicas": 3},
}
SHOP = {
    "metadata": {"name": "shop", "namespace": "shop"},
    "spec": {"template": {"spec": {"containers": [{"name": "shop", "image": "shop:1"}]}}},
}
SERVICE = {
    "metadata": {
        "name": "edge",
        "namespace": "gateways",
        "annotations": {"service.kubernetes.io/tke-existed-lbid": "lb-1a2b"},
    },
    "spec": {"selector": {"app": "edge"}},
}
NODES = [
    {
        "metadata": {"name": f"n{number}", "labels": {"node-role": "gateway"} if number < 3 else {}},
        "spec": {"taints": [{"key": "node-role", "value": "gateway", "effect": "NoSchedule"}]} if number < 3 else {},
    }
    for number in range(5)
]
KINDS = {
    "v1": [("services", "Service", True), ("nodes", "Node", False)],
    "apps/v1": [("deployments", "Deployment", True), ("daemonsets", "DaemonSet", True)],
}


class Cluster(BaseHTTPRequestHandler):
    """A cluster with two Deployments, one of them a gateway. It takes no write."""

    gateways: tuple[dict[str, Any], ...] = (EDGE,)
    daemons: tuple[dict[str, Any], ...] = ()
    asked: list[str]

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.asked.append(path)
        found = self._found(path)
        body = json.dumps(found or {"kind": "Status", "code": 404, "reason": "NotFound"}).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _found(self, path: str) -> dict[str, Any] | None:
        for version, kinds in KINDS.items():
            if path == (f"/apis/{version}" if "/" in version else f"/api/{version}"):
                verbs = ["get", "list"]
                rows = [{"name": n, "kind": k, "namespaced": spaced, "verbs": verbs} for n, k, spaced in kinds]
                return {"kind": "APIResourceList", "groupVersion": version, "resources": rows}
        lists = {
            "/apis/apps/v1/deployments": [*self.gateways, SHOP],
            "/apis/apps/v1/daemonsets": list(self.daemons),
            "/api/v1/namespaces/gateways/services": [SERVICE],
            "/api/v1/nodes": NODES,
        }
        if path in lists:
            return {"kind": "List", "metadata": {}, "items": lists[path]}
        one = {
            f"/apis/apps/v1/namespaces/{row['metadata']['namespace']}/{kind.lower()}s/{row['metadata']['name']}": {
                "apiVersion": "apps/v1",
                "kind": kind,
                **row,
            }
            for kind, rows in (("Deployment", self.gateways), ("DaemonSet", self.daemons))
            for row in rows
        }
        return {"major": "1", "minor": "30", "gitVersion": "v1.30.0"} if path == "/version" else one.get(path)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def cluster(*gateways: dict[str, Any], daemons: tuple[dict[str, Any], ...] = ()) -> Iterator[tuple[str, list[str]]]:
    """Serve it; give its address and what it is asked."""
    asked: list[str] = []
    handler = type(
        "Own",
        (Cluster,),
        {"gateways": () if daemons and not gateways else gateways or (EDGE,), "daemons": daemons, "asked": asked},
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join(5)


def words(terminal: Terminal, api: str, *more: str) -> list[str]:
    """Give the command line of somebody who says all that the cluster cannot."""
    given = ["--provider", "tencent", "--region", "eu", "--listener", "lbl-80=80", "--listener", "lbl-443=443"]
    silent = f"http://127.0.0.1:{closed_port()}"
    config = ["--kubeconfig", str(terminal.kubeconfig(api)), "--endpoint", silent]
    return ["init", "-o", str(terminal.folder / "edge.yaml"), *given, *config, *more]


def test_a_script_gets_a_plan_file_of_what_is_there(terminal: Terminal) -> None:
    with cluster() as (api, asked):
        done = terminal.call(*words(terminal, api, "--no-ask", "--node-label", "node-role=gateway"))
    assert done.exit_code == 0, done.output
    spec = read_file(str(terminal.folder / "edge.yaml"))

    assert (spec.cluster.namespace, spec.cluster.context, spec.source.name) == ("gateways", "lab", "edge")
    assert (spec.target.name, dict(spec.target.node_selector)) == ("edge-ds", {"node-role": "gateway"})
    assert [(each.key, each.value) for each in spec.target.tolerations] == [("node-role", "gateway")]
    assert spec.gateway.kind == "istio"
    assert (spec.balancer.provider, spec.balancer.id) == ("tencent", "lb-1a2b")
    assert [(each.id, each.port) for each in spec.balancer.listeners] == [("lbl-80", 80), ("lbl-443", 443)]
    assert not any("secrets" in path or "configmaps" in path for path in asked)


def test_the_file_names_its_schema_says_what_each_key_means_and_holds_no_secret(terminal: Terminal) -> None:
    with cluster() as (api, _):
        done = terminal.call(*words(terminal, api, "--no-ask"))
    text = (terminal.folder / "edge.yaml").read_text(encoding="utf-8")

    assert text.startswith(f"# yaml-language-server: $schema={SCHEMA}\n")
    assert json.loads((terminal.folder / SCHEMA).read_text())["title"] == "migrator plan file"
    assert "# where both sides are, unless one of them says a namespace of its own" in text
    assert "3 pods ready" in text
    assert [secret for secret in SECRETS if secret in text + done.output] == []


def test_what_is_often_changed_stands_there_with_its_true_defaults(terminal: Terminal) -> None:
    with cluster() as (api, _):
        terminal.call(*words(terminal, api, "--no-ask"))
    text = (terminal.folder / "edge.yaml").read_text(encoding="utf-8")
    head, mark, often = text.partition("  # What is often changed")
    rest = re.sub(r"(?m)^  # (?=[ #]|\w+:)", "  ", mark + often)
    uncommented = head + rest

    assert "traffic" in yaml.safe_load(uncommented)["spec"]
    assert read(uncommented) == read(text)


def test_a_file_that_is_there_is_replaced_only_with_force_and_nobody_is_asked_before(terminal: Terminal) -> None:
    there = terminal.folder / "edge.yaml"
    there.write_text("mine", encoding="utf-8")
    with cluster() as (api, asked):
        refused = terminal.call(*words(terminal, api, "--no-ask"))
        kept, nobody = there.read_text(encoding="utf-8"), list(asked)
        forced = terminal.call(*words(terminal, api, "--no-ask", "--force"))

    assert (refused.exit_code, kept, nobody) == (2, "mine", [])
    assert forced.exit_code == 0
    assert "kind: Migration" in there.read_text(encoding="utf-8")


def test_a_schema_file_of_somebody_elses_is_left_alone(terminal: Terminal) -> None:
    (terminal.folder / SCHEMA).write_text("mine", encoding="utf-8")
    with cluster() as (api, _):
        done = terminal.call(*words(terminal, api, "--no-ask", "--output", "json"))

    assert json.loads(done.stdout)["init"]["schema"] is None
    assert (terminal.folder / SCHEMA).read_text(encoding="utf-8") == "mine"


def test_where_nobody_can_be_asked_everything_that_is_missing_is_told_at_once(terminal: Terminal) -> None:
    with cluster() as (api, _):
        said = terminal.refused("init", "--no-ask", "--kubeconfig", str(terminal.kubeconfig(api)), code=2)

    assert "--provider, --balancer and --listener" in said or "--provider, --balancer, --listener" in said
    assert [each.name for each in terminal.folder.glob("*.yaml")] == []


def test_of_several_gateways_a_script_has_to_name_one(terminal: Terminal) -> None:
    other = {**EDGE, "metadata": {"name": "inner", "namespace": "gateways"}}
    with cluster(EDGE, other) as (api, _):
        said = terminal.refused(*words(terminal, api, "--no-ask"), code=2)

    assert "gateways/edge" in said
    assert "gateways/inner" in said


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(("--listener", "lbl-1"), id="a listener without a port"),
        pytest.param(("--listener", "lbl-1=70000"), id="a port that is none"),
        pytest.param(("--option", "x"), id="an option without a value"),
        pytest.param(("--node-label", "gateway"), id="a label without a value"),
        pytest.param(("--source", "edge"), id="a workload without its namespace"),
        pytest.param(("--source", "gateways/none"), id="a workload that is not there"),
        pytest.param(("--after", "nobody"), id="somebody who looks after nodes that is none"),
        pytest.param(("--target", "UPPER"), id="a name that Kubernetes does not take"),
    ],
)
def test_what_is_none_is_refused_and_no_file_is_written(terminal: Terminal, wrong: tuple[str, ...]) -> None:
    with cluster() as (api, _):
        terminal.refused(*words(terminal, api, "--no-ask", *wrong), code=2)

    assert not (terminal.folder / "edge.yaml").exists()


def asked_of(terminal: Terminal, api: str, *answers: str) -> Result:
    """Call `init` as a person who gives these answers."""
    line = ["init", "--ask", "-o", str(terminal.folder / "edge.yaml"), "--kubeconfig", str(terminal.kubeconfig(api))]
    silent = ("--endpoint", f"http://127.0.0.1:{closed_port()}")
    return CliRunner().invoke(cli, [*line, *silent], input="".join(f"{answer}\n" for answer in answers))


def test_a_person_is_asked_with_what_was_found_as_the_usual_answer(terminal: Terminal) -> None:
    answers = ("", "", "", "", "shop.example.com", "", "clb", "tencent", "", "eu", "80", "lbl-80=80")
    with cluster() as (api, _):
        done = asked_of(terminal, api, *answers)
    assert done.exit_code == 0, done.output
    spec = read_file(str(terminal.folder / "edge.yaml"))

    assert dict(spec.target.node_selector) == {"node-role": "gateway"}
    assert (spec.balancer.id, spec.balancer.region) == ("lb-1a2b", "eu")
    assert spec.gateway.probe_host == "shop.example.com"
    assert spec.after is After.MANUAL
    assert "is needed, not '80'" in done.stderr
    assert "migrator verify" in done.stdout


def test_a_person_who_leaves_has_changed_nothing(terminal: Terminal) -> None:
    with cluster() as (api, _):
        done = asked_of(terminal, api, "")

    assert done.exit_code != 0
    assert not (terminal.folder / "edge.yaml").exists()


def test_the_schema_beside_is_the_published_one(terminal: Terminal) -> None:
    with cluster() as (api, _):
        terminal.call(*words(terminal, api, "--no-ask"))
    published = json.loads(terminal.call("schema").stdout)

    assert json.loads(Path(terminal.folder / SCHEMA).read_text(encoding="utf-8")) == published


ON_NODES = {**EDGE, "status": {"numberReady": 5}}


def test_a_gateway_that_is_a_daemonset_is_found_and_drafted_as_one(terminal: Terminal) -> None:
    with cluster(daemons=(ON_NODES,)) as (api, _):
        done = terminal.call(*words(terminal, api, "--no-ask", "--target-namespace", "edge-2"))
    assert done.exit_code == 0, done.output
    spec = read_file(str(terminal.folder / "edge.yaml"))

    assert (spec.source.kind, spec.source.name) == ("DaemonSet", "edge")
    assert (spec.target.kind, spec.target.name, spec.target.namespace) == ("DaemonSet", "edge-2", "edge-2")
    assert "5 pods ready" in (terminal.folder / "edge.yaml").read_text(encoding="utf-8")


def test_of_two_kinds_of_one_name_the_kind_has_to_be_named(terminal: Terminal) -> None:
    with cluster(EDGE, daemons=(ON_NODES,)) as (api, _):
        terminal.refused(*words(terminal, api, "--no-ask", "--source", "gateways/edge"), code=2)
        done = terminal.call(*words(terminal, api, "--no-ask", "--source", "ds/gateways/edge"))

    assert done.exit_code == 0, done.output
    assert read_file(str(terminal.folder / "edge.yaml")).source.kind == "DaemonSet"


def test_a_target_in_the_old_ones_namespace_names_none(terminal: Terminal) -> None:
    with cluster() as (api, _):
        terminal.call(*words(terminal, api, "--no-ask", "--target-namespace", "gateways"))

    assert read_file(str(terminal.folder / "edge.yaml")).target.namespace == ""
