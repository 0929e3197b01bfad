"""From an HTTP request to its answer: who asks, what for, may they, then the verb. It holds no rules of its own."""

from collections.abc import Awaitable, Callable
from dataclasses import replace as altered

from aiohttp import web

from migrator.lab.faults.matching import Asked
from migrator.lab.kube.api.documents import Doc, encode, within
from migrator.lab.kube.api.errors import ApiError, bad_request, not_allowed
from migrator.lab.kube.objects import deletion
from migrator.lab.kube.objects.call import Call, parsed, resource_path, verb_of
from migrator.lab.kube.objects.cluster import Cluster, create, existing, replace, rewrite
from migrator.lab.kube.objects.patching import APPLY, changed, patch
from migrator.lab.kube.objects.storage import Record
from migrator.lab.kube.reading import listing, watch
from migrator.lab.kube.reading.views import View, view
from migrator.lab.kube.serving import faults, reviews
from migrator.lab.kube.serving.auth import ASKED, Gate, User
from migrator.lab.kube.serving.discovery import describe
from migrator.lab.kube.subresources import binding, disruption, scaling
from migrator.lab.kube.subresources.connect import agent_target, proxy_target
from migrator.lab.kube.subresources.tunnel import relay
from migrator.lab.takeover import Taken

_UPSERT = {"leases", "endpoints", "events"}  # a PUT of a missing one creates it
_STREAMS = {"exec", "attach", "portforward", "log"}
_BODY_LIMIT = 3 << 20
_Verb = Callable[[web.BaseRequest, Call], Awaitable[web.StreamResponse]]


class Api:
    """The request handler. One call runs to its write without waiting, so writes are atomic."""

    def __init__(self, cluster: Cluster, gate: Gate) -> None:
        self._cluster = cluster
        self._gate = gate
        self._faults = faults.Faults()
        self._verbs: dict[str, _Verb] = {
            "get": self._get,
            "list": self._list,
            "watch": self._watch,
            "create": self._create,
            "update": self._update,
            "patch": self._patch,
            "delete": self._delete,
            "deletecollection": self._delete_collection,
        }
        self._subresources: dict[str, _Verb] = {
            **dict.fromkeys(_STREAMS, self._stream),
            "scale": self._scale,
            "eviction": self._evict,
            "binding": self._bind,
            "finalize": self._finalize,
            "proxy": self._proxy,
            "token": self._token,
        }

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request; every refusal becomes a Status."""
        try:
            agent = request.headers.get("User-Agent", "")
            fault = None if request.path == faults.PATH else self._faults.match(request.method, request.path, agent)
            if fault is not None:
                await faults.suffer(fault)
            answer = await self._answer(request)
            if fault is None or fault.status != "lost":
                return answer
        except ApiError as error:
            return _refused(error)
        except faults.Dropped:
            pass
        if request.transport is not None:
            request.transport.abort()
        return Taken()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        user = self._gate.user(request.headers.get("Authorization", ""), request.path)
        target = resource_path(self._cluster.registry, request.path) if _is_resource(request.path) else None
        if target is None:
            return await self._answer_about_server(request, user)
        query = dict(request.query)
        body = await _body(request)
        call = Call(
            verb=verb_of(request.method, target, query),
            kind=target.kind,
            version=target.version,
            namespace=target.namespace,
            name=target.name,
            subresource=target.subresource,
            rest=target.rest,
            query=query,
            media=request.headers.get("Content-Type", "application/json"),
            body=body,
            agent=request.headers.get("User-Agent", ""),
        )
        self._gate.require(user, call)
        if self._makes_new(call):
            self._gate.require_create(user, call)
        verb = self._subresources.get(call.subresource) or self._verbs[call.verb]
        return _warning(await verb(request, call), call.warnings)

    def _makes_new(self, call: Call) -> bool:
        """Return whether an apply or an update would create what it names."""
        applies = call.verb == "patch" and call.media.startswith(APPLY)
        if call.subresource or not (applies or (call.verb == "update" and call.kind.plural in _UPSERT)):
            return False
        return self._cluster.store.find(call.kind.storage, call.namespace, call.name) is None

    async def _answer_about_server(self, request: web.BaseRequest, user: User) -> web.StreamResponse:
        path = request.path
        if path == ASKED:
            self._gate.require_admin(user)
            return _json(self._gate.asked())
        if path != faults.PATH and not (path.startswith(reviews.PREFIX) and request.method == "POST"):
            return describe(self._cluster.registry, path, request.headers.get("Accept", ""))
        body = parsed(await _body(request) or b"{}", request.headers.get("Content-Type", "application/json"))
        if not isinstance(body, dict):
            raise bad_request("the body must be a JSON object")
        if path.startswith(reviews.PREFIX):
            return _json(reviews.review(user, path, body), 201)
        self._gate.require_admin(user)
        return _json(self._faults.change(request.method, body))

    async def _get(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        if version := call.query.get("resourceVersion"):
            await listing.await_version(self._cluster.store, version)
        return _object(_view(request, call), existing(self._cluster, call))

    async def _list(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        if version := call.query.get("resourceVersion"):
            await listing.await_version(self._cluster.store, version)
        records, meta = listing.page(self._cluster.store, call)
        return web.Response(body=_view(request, call).many(records, meta), content_type="application/json")

    async def _watch(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        return await watch.stream(request, self._cluster.store, call, _view(request, call))

    async def _create(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        return _object(_view(request, call), create(self._cluster, call, call.document()), 201)

    async def _update(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        body = call.document()
        name = within(body, "metadata").get("name", call.name)
        if name != call.name:
            raise bad_request(f"the name of the object ({name}) does not match the name on the URL ({call.name})")
        missing = self._cluster.store.find(call.kind.storage, call.namespace, call.name) is None
        if missing and call.kind.plural in _UPSERT and not call.kind.custom and not call.subresource:
            return _object(_view(request, call), create(self._cluster, call, body), 201)
        old = existing(self._cluster, call)
        return _object(_view(request, call), replace(self._cluster, call, old, body))

    async def _patch(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        record, created = patch(self._cluster, call)
        return _object(_view(request, call), record, 201 if created else 200)

    async def _delete(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        record = existing(self._cluster, call)
        after, gone = deletion.delete(self._cluster.store, record, deletion.wish_of(call))
        status = deletion.answer(call, after, gone)
        return _json(status) if status else _object(_view(request, call), after)

    async def _delete_collection(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        wish = deletion.wish_of(call)
        records = listing.selected(self._cluster.store, call)
        deleted = [deletion.delete(self._cluster.store, record, wish)[0] for record in records]
        meta = {"resourceVersion": str(self._cluster.store.version)}
        return web.Response(body=_view(request, call).many(deleted, meta), content_type="application/json")

    async def _scale(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        record = existing(self._cluster, call)
        scale = scaling.scale_of(record)
        if call.verb == "update":
            scale = call.document(("Scale",))
        elif call.verb == "patch":
            scale = changed(call, scale, "autoscaling/v1")
        if call.verb != "get":
            record = replace(self._cluster, call, record, scaling.scaled(record, scale))
        return _json(scaling.scale_of(record))

    async def _evict(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        pod = existing(self._cluster, call)
        options = within(call.document(("Eviction",)), "deleteOptions")
        wish = deletion.wish_of(_with_body(call, options))
        disruption.evict(self._cluster.store, pod, wish)
        return _json({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}, 201)

    async def _bind(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        binding.bind(self._cluster.store, existing(self._cluster, call), call.document(("Binding",)))
        return _json({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}, 201)

    async def _finalize(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        if call.verb != "update":
            raise not_allowed()
        finalizers = within(call.document(), "spec").get("finalizers") or []
        record = existing(self._cluster, call)
        done = rewrite(self._cluster.store, record, lambda doc: within(doc, "spec").update(finalizers=finalizers))
        return _object(_view(request, call), done)

    async def _token(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        """Issue a token of a ServiceAccount (TokenRequest); it holds as long as the server lives."""
        if call.verb != "create":
            raise not_allowed()
        account, asked = existing(self._cluster, call), call.document(("TokenRequest",))
        token = self._gate.issue(account.namespace, account.name)
        return _json({**asked, "status": {"token": token, "expirationTimestamp": "2099-01-01T00:00:00Z"}}, 201)

    async def _stream(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        pod = existing(self._cluster, call)
        address, path = agent_target(self._cluster.store, call, pod, request.query_string)
        open_here, link = self._faults.streams, request.transport
        if link is None:
            raise ConnectionResetError("gone before it was answered")
        open_here[link] = Asked(request.method, request.path, call.agent)
        try:
            return await relay(request, address, path, call.body, to_kubelet=True)
        finally:
            open_here.pop(link, None)

    async def _proxy(self, request: web.BaseRequest, call: Call) -> web.StreamResponse:
        address, path = proxy_target(self._cluster.store, call, request.query_string)
        return await relay(request, address, path, call.body)


async def _body(request: web.BaseRequest) -> bytes:
    """Return the body; raises ApiError 413 beyond the real server's three MiB."""
    if not request.body_exists:
        return b""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > _BODY_LIMIT:
            raise ApiError(413, "RequestEntityTooLarge", f"Request entity too large: limit is {_BODY_LIMIT}")
    return bytes(body)


def _is_resource(path: str) -> bool:
    return path.startswith(("/api/", "/apis/")) and not path.startswith(reviews.PREFIX)


def _view(request: web.BaseRequest, call: Call) -> View:
    return view(call.kind, call.api_version, request.headers.get("Accept", ""))


def _with_body(call: Call, options: Doc) -> Call:
    options = {name: part for name, part in options.items() if name not in ("kind", "apiVersion")}
    return altered(call, body=encode(options) if options else b"", media="application/json")


def _object(shown: View, record: Record, code: int = 200) -> web.Response:
    return web.Response(status=code, body=shown.one(record), content_type="application/json")


def _warning(answer: web.StreamResponse, warnings: list[str]) -> web.StreamResponse:
    """Put warnings into the headers of an answer, as RFC 7234 has them."""
    for text in warnings:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        answer.headers.add("Warning", f'299 - "{escaped}"')
    return answer


def _json(doc: Doc, code: int = 200) -> web.Response:
    return web.Response(status=code, body=encode(doc), content_type="application/json")


def _refused(error: ApiError) -> web.Response:
    if error.plain:
        return web.Response(status=error.code, text=error.message + "\n")
    return _json(error.status, error.code)
