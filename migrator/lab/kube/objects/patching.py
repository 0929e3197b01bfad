"""PATCH: which of the four kinds of patch a request is, and what it makes of the object."""

from migrator.lab.kube.api.documents import Doc, decode, within
from migrator.lab.kube.api.errors import ApiError, bad_request, wrong_media
from migrator.lab.kube.objects.call import Call, parsed
from migrator.lab.kube.objects.cluster import Cluster, create, existing, ignored_parts, replace
from migrator.lab.kube.objects.metadata import stamp
from migrator.lab.kube.objects.storage import Record
from migrator.lab.kube.patch import apply, jsonpatch, merge, strategic
from migrator.lab.kube.patch.listkeys import keys_of
from migrator.lab.kube.patch.owners import Owners
from migrator.lab.kube.schema.strictness import require_typed

APPLY = "application/apply-patch+yaml"
_MERGE = "application/merge-patch+json"
_JSON = "application/json-patch+json"
_STRATEGIC = "application/strategic-merge-patch+json"


def patch(cluster: Cluster, call: Call) -> tuple[Record, bool]:
    """Patch or apply; gives the object and whether it was created. Raises ApiError 400, 404, 409, 415, 422."""
    if media_of(call) == APPLY:
        return _apply(cluster, call)
    old = existing(cluster, call)
    return replace(cluster, call, old, call.known(changed(call, decode(old.blob), call.api_version))), False


def media_of(call: Call) -> str:
    """Return the kind of patch; raises ApiError 415 for one that this kind does not take."""
    media = call.media.split(";")[0].strip()
    known = [_JSON, _MERGE, APPLY] if call.kind.custom else [_JSON, _MERGE, _STRATEGIC, APPLY]
    if media not in known:
        accepted = ", ".join(known)
        text = f"the body of the request was in an unknown format - accepted media types include: {accepted}"
        raise wrong_media(text)
    return media


def changed(call: Call, target: Doc, api_version: str) -> Doc:
    """Return `target` after the patch in a call's body, which is not an apply."""
    media = media_of(call)
    body = parsed(call.body, "application/json")
    typed = {"apiVersion": api_version, "kind": call.kind.kind, **target}
    if media == _JSON:
        result = jsonpatch.patched(typed, body)
    elif not isinstance(body, dict):
        raise bad_request("a patch must be a JSON object")
    elif media == _MERGE:
        result = merge.merged(typed, body)
    else:
        result = strategic.merged(typed, body, keys_of(call.kind))
    if not isinstance(result, dict) or not isinstance(result.get("metadata"), dict):
        raise ApiError(422, "Invalid", "the patch leaves no object")
    return result


def _apply(cluster: Cluster, call: Call) -> tuple[Record, bool]:
    applied = parsed(call.body, APPLY)
    if not isinstance(applied, dict):
        raise bad_request("error decoding YAML: not an object")
    _refuse_malformed(call, applied)
    keys, force = keys_of(call.kind), call.query.get("force") in ("true", "1")
    title = f"{call.namespace}/{call.name}; {call.api_version}, Kind={call.kind.kind}"
    require_typed(applied, call.shape, keys, title.removeprefix("/"))
    config = apply.wanted(applied, ignored_parts(call))

    def own(owners: Owners, old: Doc, new: Doc) -> Owners:
        pair = (apply.wanted(old, ignored_parts(call)), apply.wanted(new, ignored_parts(call)))
        return apply.settled(owners, call.field_manager("Apply"), pair, config, keys, force, stamp())

    old = cluster.store.find(call.kind.storage, call.namespace, call.name)
    if old is None:
        if call.subresource:
            existing(cluster, call)
        return create(cluster, call, applied, own), True
    target: Doc = apply.merged(decode(old.blob), config, old.owners, call.field_manager("Apply"), keys)
    for name in ("resourceVersion", "uid"):
        if asked := within(applied, "metadata").get(name):
            target["metadata"][name] = asked
    return replace(cluster, call, old, target, own), False


def _refuse_malformed(call: Call, applied: Doc) -> None:
    meta = within(applied, "metadata")
    if not call.query.get("fieldManager"):
        text = 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch'
        raise ApiError(422, "Invalid", text)
    if applied.get("apiVersion") != call.api_version or applied.get("kind") != call.kind.kind:
        raise bad_request("invalid object type: apiVersion and kind must be set and match the URL")
    if meta.get("managedFields"):
        raise bad_request("metadata.managedFields must be nil")
    if meta.get("name", call.name) != call.name:
        text = f"the name of the object ({meta.get('name')}) does not match the name on the URL ({call.name})"
        raise bad_request(text)
    meta["name"] = call.name
