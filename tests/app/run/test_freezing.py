"""Freezing a store's runs by a file, and a namespace by an object."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrator.app.run.freezing import (
    freeze_file,
    freeze_namespace,
    places,
    read,
    unfreeze_file,
    unfreeze_namespace,
)
from migrator.domain.messages.errors import StoreError
from migrator.domain.model.freeze import FILE, Freeze, freeze_ref
from migrator.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.clusters import THERE
from tests.fakes.objects import NAMESPACE
from tests.fakes.two_worlds import TwoWorlds, two
from tests.fakes.world import FakeWorld


def test_a_store_is_frozen_and_unfrozen_by_a_file_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "new" / FILE
    first, second = freeze_file(file, "why"), freeze_file(file, "still")

    assert (first.new, second.new) == (True, False)
    assert read(file) == first.freeze == second.freeze
    assert [unfreeze_file(file).new, unfreeze_file(file).new] == [True, False]
    assert read(file) is None
    assert list(file.parent.iterdir()) == []


@pytest.mark.parametrize("content", ["", "no json", "[]", '"text"', "3"])
def test_a_file_that_says_nothing_we_understand_freezes_too(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content, encoding="utf-8")

    assert read(tmp_path / FILE) == Freeze("")


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError):
        freeze_file(tmp_path / "file" / FILE, "")


def test_a_namespace_is_frozen_and_unfrozen_by_an_object() -> None:
    cluster = FakeWorld().cluster
    first, second = (freeze_namespace(cluster, cluster, "edge", why) for why in ("one", "two"))

    assert (first.new, second.new) == (True, False)
    found = cluster.get(freeze_ref("edge"))
    assert found is not None
    assert '"reason": "one"' in json.dumps(found)
    assert second.freeze == first.freeze
    assert [unfreeze_namespace(cluster, cluster, "edge").new for _ in range(2)] == [True, False]


def test_a_run_is_frozen_by_its_store_s_file_and_by_its_namespace(tmp_path: Path) -> None:
    world = FakeWorld()
    plan = world.plan()
    store = Store.open(tmp_path / "store.db", FakeClock())
    try:
        found = places(store, plan, world.readers)
        assert [place.read() for place in found] == [None, None]
        freeze_file(tmp_path / FILE, "")
        freeze_namespace(world.cluster, world.cluster, plan.spec.cluster.namespace, "")

        assert None not in [place.read() for place in found]
    finally:
        store.close()


def test_a_run_between_two_clusters_is_frozen_in_either(tmp_path: Path) -> None:
    world = TwoWorlds()
    with Store.open(tmp_path / "store.db", FakeClock()) as store:
        found = places(store, world.plan(two()), world.readers)
        freeze_namespace(world.other, world.other, NAMESPACE, "")

        assert [place.read() is not None for place in found] == [False, False, True]
        assert [place.name for place in found[1:]] == [str(freeze_ref(NAMESPACE, at)) for at in ("", THERE)]
