"""What the server says about itself: version, groups, resources, OpenAPI without schemas."""

from aiohttp import web

from migrator.lab.kube.api.documents import Doc, encode
from migrator.lab.kube.api.errors import no_such_path
from migrator.lab.kube.api.kinds import Kind
from migrator.lab.kube.api.registry import Registry

_VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
_KIND_OF_SUBRESOURCE = {
    "scale": ("autoscaling", "v1", "Scale"),
    "eviction": ("policy", "v1", "Eviction"),
    "binding": ("", "v1", "Binding"),
    "exec": ("", "v1", "PodExecOptions"),
    "attach": ("", "v1", "PodAttachOptions"),
    "portforward": ("", "v1", "PodPortForwardOptions"),
}
_VERBS_OF_SUBRESOURCE = {
    "log": ["get"],
    "eviction": ["create"],
    "binding": ["create"],
    "exec": ["create", "get"],
    "attach": ["create", "get"],
    "portforward": ["create", "get"],
    "proxy": ["create", "delete", "get", "patch", "update"],
    "finalize": ["update"],
}
_REVIEWS = ("SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview")
_AUTHORIZATION = "authorization.k8s.io"
VERSION = {
    "major": "1",
    "minor": "36",
    "gitVersion": "v1.36.3+lab",
    "gitCommit": "",
    "gitTreeState": "clean",
    "buildDate": "2026-11-01T00:00:00Z",
    "goVersion": "go1.26",
    "compiler": "gc",
    "platform": "linux/amd64",
}


def describe(registry: Registry, path: str, accept: str) -> web.Response:
    """Answer a path that is about the server and not about objects; raises ApiError 404."""
    if path in ("/healthz", "/readyz", "/livez"):
        return web.Response(text="ok")
    if path == "/openapi/v2" and "protobuf" in accept:
        return web.Response(body=b"", content_type="application/com.github.proto-openapi.spec.v2@v1.0+protobuf")
    document = _document(registry, path)
    if document is None:
        raise no_such_path()
    return web.Response(body=encode(document), content_type="application/json")


def _document(registry: Registry, path: str) -> Doc | None:
    fixed: dict[str, Doc] = {
        "/version": VERSION,
        "/api": {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []},
        "/openapi/v2": {
            "swagger": "2.0",
            "info": {"title": "Kubernetes", "version": VERSION["gitVersion"]},
            "paths": {},
        },
    }
    if path in fixed:
        return fixed[path]
    groups = registry.groups()
    if path == "/apis":
        listed = [_group(name, versions) for name, versions in _served(groups).items()]
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": listed}
    if path.startswith("/openapi/v3"):
        return _openapi(registry, path.removeprefix("/openapi/v3").strip("/"))
    parts = path.strip("/").split("/")
    if parts[0] == "api" and len(parts) == 2:
        return _resources(registry, "", parts[1])
    if parts[0] == "apis" and len(parts) == 2 and parts[1] in _served(groups):
        return {"kind": "APIGroup", "apiVersion": "v1", **_group(parts[1], _served(groups)[parts[1]])}
    return _resources(registry, parts[1], parts[2]) if parts[0] == "apis" and len(parts) == 3 else None


def _served(groups: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: versions for name, versions in groups.items() if name} | {_AUTHORIZATION: ["v1"]}


def _group(name: str, versions: list[str]) -> Doc:
    listed = [{"groupVersion": f"{name}/{version}", "version": version} for version in versions]
    return {"name": name, "versions": listed, "preferredVersion": listed[0]}


def _resources(registry: Registry, group: str, version: str) -> Doc | None:
    rows = [row for kind in registry.under(group, version) for row in _rows(kind)]
    if group == _AUTHORIZATION and version == "v1":
        rows = [_review(word) for word in _REVIEWS]
    if not rows:
        return None
    name = f"{group}/{version}" if group else version
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": name, "resources": rows}


def _rows(kind: Kind) -> list[Doc]:
    row: Doc = {"name": kind.plural, "singularName": kind.singular, "namespaced": kind.namespaced, "kind": kind.kind}
    row |= {"verbs": _VERBS, "storageVersionHash": ""}
    if kind.short:
        row["shortNames"] = list(kind.short)
    if kind.categories:
        row["categories"] = list(kind.categories)
    return [row, *(_subresource(kind, name) for name in sorted(kind.subresources))]


def _subresource(kind: Kind, name: str) -> Doc:
    group, version, word = _KIND_OF_SUBRESOURCE.get(name, ("", "", kind.kind))
    row: Doc = {"name": f"{kind.plural}/{name}", "singularName": "", "namespaced": kind.namespaced, "kind": word}
    if version:
        row |= {"group": group, "version": version}
    return {**row, "verbs": _VERBS_OF_SUBRESOURCE.get(name, ["get", "patch", "update"])}


def _review(word: str) -> Doc:
    return {"name": f"{word.lower()}s", "singularName": "", "namespaced": False, "kind": word, "verbs": ["create"]}


def _openapi(registry: Registry, path: str) -> Doc | None:
    if not path:
        names = [
            ("api/" if not group else "apis/") + (f"{group}/{version}" if group else version)
            for group, versions in registry.groups().items()
            for version in versions
        ]
        return {"paths": {name: {"serverRelativeURL": f"/openapi/v3/{name}?hash=lab"} for name in names}}
    parts = path.split("/")
    group, version = ("", parts[1]) if parts[0] == "api" and len(parts) == 2 else (parts[1], parts[-1])
    kinds = registry.under(group, version)
    if not kinds:
        return None
    info = {"title": "Kubernetes", "version": VERSION["gitVersion"]}
    paths = {
        f"/{path}{'/namespaces/{namespace}' if kind.namespaced else ''}/{kind.plural}/{{name}}": _patch(kind, version)
        for kind in kinds
    }
    return {"openapi": "3.0.0", "info": info, "paths": paths, "components": {"schemas": {}}}


def _patch(kind: Kind, version: str) -> Doc:
    names = ("dryRun", "fieldManager", "fieldValidation", "force")
    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]
    word = {"group": kind.group, "version": version, "kind": kind.kind}
    operation = {"parameters": parameters, "responses": {}, "x-kubernetes-group-version-kind": word}
    return {"patch": {**operation, "x-kubernetes-action": "patch"}}
