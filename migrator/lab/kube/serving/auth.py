"""Who a bearer token is and what it may do: by the users file, or by Role objects. It knows no certificates."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import replace as altered
from pathlib import Path

from migrator.lab.kube.api.documents import Doc
from migrator.lab.kube.api.errors import ApiError, forbidden, unauthorized
from migrator.lab.kube.api.kinds import Kind
from migrator.lab.kube.objects.call import Call
from migrator.lab.kube.objects.storage import Store
from migrator.lab.kube.serving.access import Access, Rule
from migrator.lab.kube.serving.rbac import SERVICE_ACCOUNT, granted

ASKED = "/lab/access"
"""Where the admin token reads what ServiceAccounts have asked for: what was granted and used, and what was refused."""

_STREAMS = ("exec", "attach", "portforward")
"""Subresources for which a WebSocket's GET needs the right to `create`, too, since Kubernetes 1.35 (KEP-4006)."""

_PUBLIC = ("/healthz", "/readyz", "/livez", "/version")


@dataclass(frozen=True, slots=True)
class User:
    """The user that a token names."""

    name: str
    rules: tuple[Rule, ...]

    def may(self, access: Access) -> bool:
        """Return whether any rule grants `access`."""
        return any(rule.allows(access) for rule in self.rules)


class Gate:
    """Tokens and their users. The admin token may do everything and alone steers faults.

    kubectl, like every client-go program, sends no token over plain http. So a request without one is the user of
    the real server's former insecure port, who may do everything, unless `strict` demands a token of everybody.
    A ServiceAccount's token is one that `issue` gave out; what it may do is what RBAC's objects in `store` grant it."""

    def __init__(self, admin_token: str, users: Doc, strict: bool = False, store: Store | None = None) -> None:
        everything = frozenset("*")
        rules = (Rule(everything, everything, everything, frozenset()),)
        self._admin = User("admin", rules)
        self._without_token = None if strict else User("system:unsecured", rules)
        self._users = {token: _user(row) for token, row in users.items()} | {admin_token: self._admin}
        self._store = store
        self._issued: dict[str, str] = {}
        self._used: set[Access] = set()
        self._refused: set[Access] = set()

    def issue(self, namespace: str, name: str) -> str:
        """Return a new token of a ServiceAccount."""
        token = secrets.token_urlsafe(32)
        self._issued[token] = f"{SERVICE_ACCOUNT}{namespace}:{name}"
        return token

    def user(self, header: str, path: str) -> User:
        """Return the user of an Authorization header; raises ApiError 401."""
        if not header:
            if self._without_token is None and not path.startswith(_PUBLIC):
                raise unauthorized()
            return self._without_token or User("system:anonymous", ())
        word, _, token = header.partition(" ")
        known = self._of(token.strip()) if word.lower() == "bearer" else None
        if known is None:
            raise unauthorized()
        return known

    def _of(self, token: str) -> User | None:
        account = self._issued.get(token)
        if account is None or self._store is None:
            return self._users.get(token)
        return User(account, granted(self._store, account))

    def require(self, user: User, call: Call) -> None:
        """Raise ApiError 403, with the real server's words, unless `user` may make `call`; remember what accounts asked for."""
        asked = access_of(call)
        if not self._allowed(user, asked):
            raise forbidden(call.kind, call.name, refusal(user, asked, call.kind))
        if call.subresource in _STREAMS and not self._allowed(user, altered(asked, verb="create")):
            raise forbidden(call.kind, call.name, "")  # the real one gives no reason here

    def require_create(self, user: User, call: Call) -> None:
        """Raise ApiError 403 unless `user` may create the object that an apply, or an update of a missing one, is about."""
        asked = altered(access_of(call), verb="create", name="")
        if not self._allowed(user, asked):
            raise forbidden(call.kind, call.name, refusal(user, asked, call.kind))

    def _allowed(self, user: User, asked: Access) -> bool:
        allowed = user.may(asked)
        if user.name.startswith(SERVICE_ACCOUNT):
            (self._used if allowed else self._refused).add(asked)
        return allowed

    def asked(self) -> Doc:
        """Return what ServiceAccounts have asked for so far: what they were granted and what they were refused."""
        return {"used": _shown(self._used), "refused": _shown(self._refused)}

    def require_admin(self, user: User) -> None:
        """Raise ApiError 403 unless `user` holds the admin token."""
        if user is not self._admin:
            raise ApiError(403, "Forbidden", "only the admin token may do this")


def read_users(path: str | None) -> Doc:
    """Return the users file's content: {token: {name, rules: [{apiGroups, resources, verbs, namespaces}]}}."""
    if path is None:
        return {}
    users: Doc = json.loads(Path(path).read_text())
    return users


def access_of(call: Call) -> Access:
    """Return what a call needs the right to."""
    resource = call.kind.plural + (f"/{call.subresource}" if call.subresource else "")
    namespace = call.namespace or (call.name if call.kind.storage == ("", "namespaces") else "")
    return Access(call.verb, call.kind.group, resource, namespace, call.name)


def refusal(user: User, access: Access, kind: Kind) -> str:
    """Return the authoriser's sentence."""
    scope = f'in the namespace "{access.namespace}"' if kind.namespaced and access.namespace else "at the cluster scope"
    what = f'resource "{access.resource}" in API group "{access.group}"'
    return f'User "{user.name}" cannot {access.verb} {what} {scope}'


def _shown(accesses: Iterable[Access]) -> list[Doc]:
    rows = {(each.verb, each.group, each.resource, each.namespace) for each in accesses}
    return [dict(zip(("verb", "group", "resource", "namespace"), row, strict=True)) for row in sorted(rows)]


def _user(row: Doc) -> User:
    return User(row["name"], tuple(_rule(rule) for rule in row.get("rules", ())))


def _rule(row: Doc) -> Rule:
    names = ("apiGroups", "resources", "verbs", "namespaces")
    groups, resources, verbs, namespaces = (frozenset(row.get(name, ())) for name in names)
    return Rule(groups, resources, verbs, namespaces)
