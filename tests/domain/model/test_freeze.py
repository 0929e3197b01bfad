"""A freeze as an object of the cluster: that it is there freezes, whoever made it."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.model.freeze import NAME, Freeze, freeze_in, freeze_ref, manifest_of
from migrator.domain.model.manifests import ref_of


def test_a_freeze_is_read_back_as_it_was_written() -> None:
    freeze = Freeze("edge", "ann@ops", "2026-01-02 03:04:05 UTC", "incident")

    assert freeze_in(freeze_ref("edge"), manifest_of(freeze)) == freeze
    assert ref_of(manifest_of(freeze)) == freeze_ref("edge")


def test_an_object_that_somebody_made_by_hand_freezes_too() -> None:
    assert freeze_in(freeze_ref("edge"), {"metadata": {"name": NAME}, "data": {"why": "?"}}) == Freeze("edge")
    assert freeze_in(freeze_ref("edge"), None) is None


def test_a_freeze_of_the_other_cluster_says_so() -> None:
    freeze = Freeze("edge", "ann@ops", "now", "why")

    assert freeze_in(freeze_ref("edge", "b"), manifest_of(freeze)) == replace(freeze, cluster="b")
