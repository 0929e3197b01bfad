"""Changing one cluster: one API call per action, sent once, never forced over another owner's fields."""

from __future__ import annotations

import logging
from typing import cast

from migrator.adapters.cluster.connection import Connection
from migrator.adapters.cluster.resources import Resource, Resources
from migrator.adapters.cluster.words import Missing
from migrator.domain.messages.errors import Refused
from migrator.domain.messages.message import say
from migrator.domain.model.actions import ApplyObject, DeleteObject, Op, PatchObject
from migrator.domain.model.manifests import Manifest, ObjectRef, mapping, ref_of

FIELD_MANAGER = "migrator"
APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
DONE = Op("cluster")
log = logging.getLogger(__name__)


class KubeWriter:
    """Writes of one cluster. Raises Unreachable (perhaps done) or Refused with the server's own words."""

    def __init__(self, connection: Connection, resources: Resources) -> None:
        self._connection = connection
        self._resources = resources

    def apply(self, action: ApplyObject) -> Op:
        """Server-side apply as field manager `migrator`; a field that another manager owns is Refused, not taken."""
        manifest = cast(Manifest, action.manifest if isinstance(action.manifest, dict) else {})
        ref = ref_of(manifest)
        path = self._resource(ref).path(ref.namespace, ref.name)
        log.info("cluster.apply %s", ref)
        self._connection.ask("PATCH", path, {"fieldManager": FIELD_MANAGER, "force": "false"}, manifest, APPLY)
        return DONE

    def patch(self, action: PatchObject) -> Op:
        """Merge-patch with the uid in the patch: another object of that name makes the server refuse (409 or 422)."""
        _require_uid(action.ref, action.uid)
        path = self._resource(action.ref).path(action.ref.namespace, action.ref.name)
        log.info("cluster.patch %s", action.ref)
        self._connection.ask("PATCH", path, {"fieldManager": FIELD_MANAGER}, _with_uid(action), MERGE)
        return DONE

    def delete(self, action: DeleteObject) -> Op:
        """Delete in the background with a uid precondition; gone already is fine, another object is Refused."""
        _require_uid(action.ref, action.uid)
        resource = self._resources.of(action.ref)
        if resource is None:
            return DONE
        options: Manifest = {
            "apiVersion": "v1",
            "kind": "DeleteOptions",
            "preconditions": {"uid": action.uid},
            "propagationPolicy": "Background",
        }
        log.info("cluster.delete %s", action.ref)
        try:
            self._connection.ask("DELETE", resource.path(action.ref.namespace, action.ref.name), body=options)
        except Missing:
            log.info("cluster.delete %s: it was gone already", action.ref)
        return DONE

    def _resource(self, ref: ObjectRef) -> Resource:
        resource = self._resources.of(ref)
        if resource is None:
            raise Refused(say("cluster.write-kind-unknown", kind=ref.kind, version=ref.api_version))
        return resource


def _with_uid(action: PatchObject) -> Manifest:
    """Give the patch with its nulls (they delete) and the uid beside whatever it says of metadata."""
    patch = action.patch if isinstance(action.patch, dict) else {}
    return {**patch, "metadata": {**mapping(patch, "metadata"), "uid": action.uid}}


def _require_uid(ref: ObjectRef, uid: str) -> None:
    if not uid:
        raise Refused(say("cluster.no-uid", object=str(ref)))
