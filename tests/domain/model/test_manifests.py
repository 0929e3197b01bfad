"""Kubernetes objects as values: what of a stored object is a person's, and what the server's."""

from __future__ import annotations

from migrator.domain.model.manifests import Manifest, to_apply

STORED: Manifest = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {
        "name": "gw",
        "uid": "u-1",
        "resourceVersion": "7",
        "labels": {"app": "gw"},
        "annotations": {"team": "edge", "deployment.kubernetes.io/revision": "3"},
    },
    "spec": {"replicas": 2, "template": {"metadata": {"annotations": {"a": "b"}}}},
    "status": {"readyReplicas": 2},
}


def test_an_object_is_applied_again_without_what_the_server_keeps_in_it() -> None:
    assert to_apply(STORED) == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "gw", "labels": {"app": "gw"}, "annotations": {"team": "edge"}},
        "spec": STORED["spec"],
    }


def test_annotations_that_were_all_a_tools_leave_none_behind() -> None:
    only: Manifest = {"metadata": {"name": "gw", "annotations": {"deployment.kubernetes.io/revision": "3"}}}

    assert to_apply(only) == {"metadata": {"name": "gw"}}
