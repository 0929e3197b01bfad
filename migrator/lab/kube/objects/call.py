"""One request in the API's terms: verb, resource, name, subresource, options. It checks no rights and runs nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from migrator.lab.kube.api import protobuf
from migrator.lab.kube.api.documents import Doc, decode
from migrator.lab.kube.api.errors import ApiError, bad_request, no_such_path, not_allowed, wrong_media
from migrator.lab.kube.api.eventforms import to_core
from migrator.lab.kube.api.kinds import Kind
from migrator.lab.kube.api.registry import Registry
from migrator.lab.kube.patch.owners import FieldManager
from migrator.lab.kube.schema.shapes import Shape, shape_of
from migrator.lab.kube.schema.strictness import Strictness, decoded, repeated_keys, strictness

_VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch"}
_MEDIA = "application/json, application/yaml, application/vnd.kubernetes.protobuf"


@dataclass(frozen=True, slots=True)
class Call:
    """A parsed request for a resource. `rest` is what a proxy path has after the subresource.

    `warnings` are filled while it is answered, and told in its answer's headers."""

    verb: str
    kind: Kind
    version: str
    namespace: str
    name: str
    subresource: str
    rest: str
    query: Mapping[str, str]
    media: str
    body: bytes
    agent: str
    warnings: list[str] = field(default_factory=list)

    @property
    def api_version(self) -> str:
        """The apiVersion of the path."""
        return self.kind.api_version(self.version)

    @property
    def dry(self) -> bool:
        """Whether nothing may be stored."""
        return self.query.get("dryRun") == "All"

    def field_manager(self, operation: str = "Update") -> FieldManager:
        """Return the writer for field ownership: the fieldManager, or the user agent's first word."""
        name = self.query.get("fieldManager") or self.agent.split("/")[0] or "unknown"
        subresource = self.subresource if self.subresource in ("status", "scale") else ""
        return FieldManager(name, operation, self.api_version, subresource)

    def document(self, kind_words: tuple[str, ...] = ()) -> Doc:
        """Return the body as an object of this call's kind; raises ApiError 400 or 415."""
        doc = parsed(self.body, self.media)
        if not isinstance(doc, dict):
            raise bad_request("the object provided is not a JSON object")
        words = kind_words or (self.kind.kind,)
        if doc.get("kind", words[0]) not in words:
            text = f'{doc["kind"]} in version "{doc.get("apiVersion")}" cannot be handled as a {words[0]}'
            raise bad_request(text)
        if not kind_words and doc.get("apiVersion", self.api_version) != self.api_version:
            text = "the API version in the data ({}) does not match the expected API version ({})"
            raise bad_request(text.format(doc["apiVersion"], self.api_version))
        doc = doc if self.kind.home is None else to_core(doc)
        return doc if kind_words else self.known(doc, self.body)

    @property
    def shape(self) -> Shape:
        """The type of the objects that the call is about."""
        return shape_of(self.kind, self.version)

    @property
    def strictness(self) -> Strictness:
        """What becomes of fields that the type does not have; raises ApiError 422."""
        return strictness(self.query.get("fieldValidation", ""))

    def known(self, doc: Doc, text: bytes = b"") -> Doc:
        """Return an object of this call's kind as its type has it; raises ApiError 400. `text` is what it was read from."""
        how = self.strictness
        repeated = repeated_keys(text) if text and how is Strictness.STRICT else ()
        title = f'{self.kind.kind} in version "{self.version}" cannot be handled as a {self.kind.kind}'
        kept, warnings = decoded(doc, self.shape, how, title, repeated)
        self.warnings.extend(warnings)
        return kept


def parsed(body: bytes, media: str) -> object:
    """Return the value of a JSON or YAML body; raises ApiError 400 or 415."""
    kind = media.split(";")[0].strip() or "application/json"
    if kind == protobuf.MEDIA:
        return protobuf.decoded(body)
    if not kind.endswith(("json", "yaml")):
        raise wrong_media(f"the body of the request was in an unknown format - accepted media types include: {_MEDIA}")
    try:
        return decode(body)
    except ValueError as error:
        if "yaml" not in kind:
            raise bad_request(f"the object provided is unrecognized: {error}") from error
    return _yaml(body)


def _yaml(body: bytes) -> object:
    try:
        value: object = yaml.load(body, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise bad_request(f"error decoding YAML: {error}") from error
    return value


@dataclass(frozen=True, slots=True)
class ResourcePath:
    """What a path names, before the HTTP method gives it a verb."""

    kind: Kind
    version: str
    namespace: str
    name: str
    subresource: str
    rest: str


def resource_path(registry: Registry, path: str) -> ResourcePath | None:
    """Return what a path names; None if it is not a resource path; raises ApiError 404 for an unknown resource."""
    parts = path.strip("/").split("/")
    if parts[0] == "api" and len(parts) > 2:
        group, version, rest = "", parts[1], parts[2:]
    elif parts[0] == "apis" and len(parts) > 3:
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        return None
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2 and not (len(rest) == 3 and rest[2] in ("status", "finalize")):
        namespace, rest = rest[1], rest[2:]
    kind = registry.find(group, version, rest[0])
    if kind is None or (namespace and not kind.namespaced):
        raise no_such_path()
    named = [*rest[1:], "", ""]
    return ResourcePath(kind, version, namespace, named[0], named[1], "/".join(named[2:]).rstrip("/"))


def verb_of(method: str, target: ResourcePath, query: Mapping[str, str]) -> str:
    """Return the API verb; raises ApiError 405 where the resource has no such verb."""
    if target.subresource and target.subresource not in target.kind.subresources:
        raise ApiError(404, "NotFound", "the server could not find the requested resource")
    if method in ("GET", "HEAD"):
        if target.name:
            return "get"
        return "watch" if query.get("watch") in ("true", "1") else "list"
    if method == "DELETE":
        return "delete" if target.name else "deletecollection"
    verb = _VERBS.get(method)
    on_object = bool(target.name) and not (verb == "create" and target.subresource)
    if verb is None or (verb == "create") is on_object:
        raise not_allowed()
    if verb == "create" and target.kind.namespaced and not target.namespace:
        raise not_allowed()
    return verb
