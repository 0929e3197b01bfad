"""What is measured of a run, in Prometheus' text form, over HTTP and in a file; the rules ask for no more."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from migrator.app.telling.measures import HELP, measured, unsent
from migrator.app.telling.sender import Post
from migrator.cli.serving.measuring import measuring
from migrator.cli.serving.site import Site
from migrator.domain.model.spec import ChannelSpec, Moment
from migrator.store import StoreReader
from tests.app.telling.test_notices import ALL
from tests.app.telling.world import Kept, eventful
from tests.app.world import stored
from tests.cli.serving.world import get, live, served
from tests.store.world import FakeClock, make_plan

pytest.importorskip("prometheus_client", reason="prometheus-client is not installed: `pip install migrator[metrics]`")

DOCS = Path(__file__).parents[3] / "docs"
RULES = DOCS / "alerts.yaml"
DASHBOARD = DOCS / "grafana-dashboard.json"
NAME = re.compile(r"\bmigrator_[a-z_]+")


def values(text: str) -> dict[str, float]:
    """Give each line's value."""
    rows = (line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in rows}


def test_a_run_is_measured_with_its_step_shares_verdict_and_who_watches(tmp_path: Path) -> None:
    with served(Site(str(live(tmp_path)))) as server:
        answer = get(server, "/metrics")

    found = values(answer.body)
    run = 'name="edge",run="1"'
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert found[f'migrator_run_state{{{run},state="waiting"}}'] == 1
    assert found[f'migrator_run_state{{{run},state="running"}}'] == 0
    assert found[f"migrator_run_share_percent{{{run}}}"] == 10
    assert found[f"migrator_run_share_observed_percent{{{run}}}"] == 10
    assert found[f"migrator_run_share_meant_percent{{{run}}}"] == 0
    assert found['migrator_run_verdict{name="edge",ruling="pass",run="1"}'] == 1
    assert found[f"migrator_run_watched{{{run}}}"] == 0
    assert found[f"migrator_run_seconds_since_last_turn{{{run}}}"] > 0


def test_letters_that_a_channel_has_not_taken_are_counted(tmp_path: Path) -> None:
    plan = make_plan("d7")
    plan = replace(plan, spec=replace(plan.spec, notify=(ChannelSpec("ops"), ChannelSpec("sre", (Moment.WAITS,)))))
    with stored(tmp_path) as (store, clock):
        run, _ = eventful(store, clock, plan)
        before = unsent(store, run, plan)
        Post.of(store, run, plan.spec, Kept("ops")).empty()
        after = unsent(store, run, plan)

    assert (before, after) == ({"ops": len(ALL), "sre": 1}, {"ops": 0, "sre": 1})


def test_what_nobody_knows_is_left_out_and_every_number_has_a_meaning(tmp_path: Path) -> None:
    with StoreReader.opened(live(tmp_path), FakeClock()) as store:
        run = store.run(1)
        names = {each.name for each in measured(store, run)}

    assert names <= set(HELP)
    assert not {name for name in names if "way_back" in name or "holder" in name}


def test_a_file_is_kept_whole_and_a_path_that_cannot_be_is_told_and_holds_nothing(tmp_path: Path) -> None:
    store, file = live(tmp_path), tmp_path / "migrator.prom"
    told: list[str] = []
    with measuring(store, 1, None, str(file), told.append):
        assert "migrator_run_info" in file.read_text(encoding="utf-8")
        assert oct(file.stat().st_mode & 0o777) == "0o644"
    with measuring(store, 1, None, str(tmp_path / "none" / "x.prom"), told.append):
        pass
    with measuring(store, 1, "nonsense", None, told.append):
        pass

    no_file, no_address = told
    assert "x.prom" in no_file
    assert "nonsense" in no_address
    assert [each.name for each in tmp_path.iterdir() if each.name.endswith(".tmp")] == []


def test_a_run_serves_its_measures_and_nothing_else(tmp_path: Path) -> None:
    told: list[str] = []
    with measuring(live(tmp_path), 1, "127.0.0.1:0", None, told.append):
        (url,) = re.findall(r"http://\S+metrics", told[0])
        with urllib.request.urlopen(url, timeout=20) as answer:
            text = answer.read().decode()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(url.replace("metrics", ""), timeout=20)

    assert "migrator_run_step_info" in text


def expressions() -> list[str]:
    """Give every query of the rules and of the dashboard."""
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    asked += [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]
    return [*asked, *(each["query"]["query"] for each in board["templating"]["list"] if each["type"] == "query")]


def test_the_rules_and_the_dashboard_ask_only_for_what_is_measured() -> None:
    asked = {name for expression in expressions() for name in NAME.findall(expression)}

    assert asked
    assert asked - set(HELP) == set()


def test_the_page_about_the_numbers_has_every_one_and_no_other() -> None:
    text = (DOCS / "metrics.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(migrator_[a-z_]+)` \|[^|]*\| (.+) \|$", text, re.MULTILINE))

    assert told == HELP


def test_every_alert_says_what_is_so_and_what_to_do() -> None:
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))

    for rule in rules["groups"][0]["rules"]:
        assert {"summary", "description"} <= rule["annotations"].keys()
        assert "migrator" in rule["annotations"]["description"]


promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (Debian: prometheus)")


@promtool
def test_prometheus_takes_the_rules_and_every_query_of_the_dashboard(tmp_path: Path) -> None:
    queries = [q.replace("$run", "1").replace("label_values(", "count(") for q in expressions()]
    queries = [re.sub(r",\s*run\)$", ")", query) for query in queries]
    records = [{"record": f"test:query:{n}", "expr": query} for n, query in enumerate(queries)]
    file = tmp_path / "queries.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": records}]}), encoding="utf-8")

    for each in (RULES, file):
        done = subprocess.run(["promtool", "check", "rules", str(each)], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr


@promtool
def test_the_rules_speak_when_they_should(tmp_path: Path) -> None:
    shutil.copy(RULES, tmp_path / "alerts.yaml")
    file = DOCS.parent / "tests" / "cli" / "serving" / "alerts_test.yaml"
    shutil.copy(file, tmp_path / "test.yaml")

    done = subprocess.run(
        ["promtool", "test", "rules", "test.yaml"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("prometheus") is None, reason="prometheus is not installed (Debian: prometheus)")
def test_prometheus_scrapes_a_run_and_fires_that_nobody_watches(tmp_path: Path) -> None:
    with served(Site(str(live(tmp_path)))) as server:
        rules = RULES.read_text(encoding="utf-8")
        (tmp_path / "rules.yaml").write_text(re.sub(r"for: \S+", "for: 0s", rules), encoding="utf-8")
        config: dict[str, Any] = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(tmp_path / "rules.yaml")],
            "scrape_configs": [
                {"job_name": "migrator", "static_configs": [{"targets": [f"127.0.0.1:{server.server_port}"]}]}
            ],
        }
        (tmp_path / "prometheus.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
        firing = _alerts(tmp_path)

    assert "MigratorNobodyWatches" in firing


def _alerts(folder: Path) -> set[str]:
    """Start Prometheus, and give the alerts that fire within half a minute."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])
    words = ["prometheus", f"--config.file={folder}/prometheus.yaml", f"--storage.tsdb.path={folder}/tsdb"]
    with open(os.devnull, "wb") as nothing:
        process = subprocess.Popen([*words, f"--web.listen-address=127.0.0.1:{port}"], stdout=nothing, stderr=nothing)
    try:
        for _ in range(60):
            time.sleep(0.5)
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/alerts", timeout=5) as answer:
                    alerts = json.load(answer)["data"]["alerts"]
            except OSError:
                continue
            if firing := {each["labels"]["alertname"] for each in alerts if each["state"] == "firing"}:
                return firing
        return set()
    finally:
        process.terminate()
        process.wait(20)
