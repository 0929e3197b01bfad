"""Whether a gateway may be restarted, by a run or a plan file, and what is asked of it; a plan alone writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.app.plan.reverse import way_back
from migrator.app.run.following import chosen
from migrator.app.run.restarting import Asked, patch_of, proposed, spec_of
from migrator.domain.messages.errors import UsageError
from migrator.domain.model.manifests import Manifest, mapping
from migrator.domain.model.refs import target_ref
from migrator.domain.model.runs import State
from migrator.domain.model.target import Derived
from migrator.domain.steps import Renew
from migrator.store import Store
from tests.fakes.raising import raising
from tests.fakes.restarted import SHORT, Restart
from tests.words import refused


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Restart:
    """Give a world after its migration, with a run that would restart it."""
    return Restart(tmp_path_factory.mktemp("restart"))


@pytest.fixture
def store(made: Restart) -> Iterator[Store]:
    with made.store() as found:
        yield found


@pytest.fixture
def blank(tmp_path: Path, made: Restart) -> Iterator[Store]:
    """Give a store that knows nothing of that migration."""
    with Store.open(tmp_path / "other.db", made.world.clock) as found:
        yield found


def test_the_gateway_of_a_completed_run_or_of_a_plan_file_is_meant(made: Restart, store: Store) -> None:
    assert spec_of(store, "1", is_file=False).name == "edge"
    assert spec_of(store, str(Path(__file__).parents[3] / "plans" / "lab.yaml"), is_file=True).name == "lab"


def test_a_run_that_put_no_gateway_in_place_is_refused(made: Restart, store: Store) -> None:
    with refused(UsageError, "restart.no-gateway", run=2, state=State.PLANNED):
        spec_of(store, "2", is_file=False)


def test_nodes_are_watched_for_the_judges_window_where_nobody_says_how_long(made: Restart, blank: Store) -> None:
    plan = proposed(blank, SHORT, made.world.readers, Asked({"gateway": "proxy:2"}))

    window = SHORT.judge.scrape.window if SHORT.judge.scrape else 0.0
    assert {step.soak for step in plan.steps if isinstance(step, Renew)} == {window}
    assert "proxy:2" in str(plan.changes[1].patch)
    assert blank.runs() == []


def test_what_cannot_be_restarted_is_refused(made: Restart, blank: Store) -> None:
    with refused(UsageError, "restart.no-container", containers=("nobody",)):
        proposed(blank, SHORT, made.world.readers, Asked({"nobody": "x:1"}))
    with refused(UsageError, "restart.gone", name="edge"):
        proposed(blank, replace(SHORT, target=Derived("another")), made.world.readers, Asked())
    with refused(UsageError, "restart.too-few", nodes=3, at_once=2):
        proposed(blank, SHORT, made.world.readers, Asked(at_once=2))


def test_pods_that_raise_themselves_are_not_restarted_and_none_are_brought(made: Restart, blank: Store) -> None:
    cluster = made.world.cluster
    ref = target_ref(SHORT)
    found = cluster.objects[ref]
    patch: Manifest = {"spec": {"template": mapping(raising(found), "spec", "template")}}
    with refused(UsageError, "follow.raises-itself", container="off"):
        proposed(blank, SHORT, made.world.readers, Asked(patch=patch))
    cluster.objects[ref] = raising(found)
    with refused(UsageError, "follow.raises-itself", container="off"):
        proposed(blank, SHORT, made.world.readers, Asked())
    cluster.objects[ref] = found


def test_a_restart_is_no_migration_to_follow_or_to_reverse(made: Restart, store: Store) -> None:
    with refused(UsageError, "follow.of-restart", run=2):
        chosen(store, "2")
    with refused(UsageError, "reverse.of-restart", run=2):
        way_back(store, "2")


def test_a_patch_changes_the_template_and_nothing_else(made: Restart, blank: Store) -> None:
    grace: Manifest = {"spec": {"template": {"spec": {"terminationGracePeriodSeconds": 90}}}}
    plan = proposed(blank, SHORT, made.world.readers, Asked(patch=grace))

    assert mapping(plan.changes[1].patch, "spec", "template", "spec") == {"terminationGracePeriodSeconds": 90}
    with refused(UsageError, "restart.patch-more", keys=("minReadySeconds",)):
        proposed(blank, SHORT, made.world.readers, Asked(patch={"spec": {"minReadySeconds": 5}}))


@pytest.mark.parametrize("text", ["- a list", "no object", "{"])
def test_a_file_that_is_no_patch_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "patch.yaml"
    file.write_text(text, encoding="utf-8")

    with refused(UsageError, "restart.patch", file=str(file)):
        patch_of(str(file))
    file.write_text("spec: {}", encoding="utf-8")
    assert patch_of(str(file)) == {"spec": {}}
