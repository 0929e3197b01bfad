"""Who a bearer token is and what it may do. It knows no certificates, and reads no Role objects."""

import json
from dataclasses import dataclass
from pathlib import Path

from migrator.lab.kube.api.documents import Doc
from migrator.lab.kube.api.errors import ApiError, forbidden, unauthorized
from migrator.lab.kube.api.kinds import Kind
from migrator.lab.kube.objects.call import Call

_PUBLIC = ("/healthz", "/readyz", "/livez", "/version")


@dataclass(frozen=True, slots=True)
class Access:
    """One thing that somebody wants to do. `resource` is the plural, with `/subresource` if any."""

    verb: str
    group: str
    resource: str
    namespace: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a user may do; `*` stands for everything, and empty `namespaces` for all of them."""

    groups: frozenset[str]
    resources: frozenset[str]
    verbs: frozenset[str]
    namespaces: frozenset[str]

    def allows(self, access: Access) -> bool:
        """Return whether this rule grants `access`."""
        where = not self.namespaces or "*" in self.namespaces or access.namespace in self.namespaces
        return where and all(
            "*" in granted or asked in granted
            for granted, asked in (
                (self.groups, access.group),
                (self.resources, access.resource),
                (self.verbs, access.verb),
            )
        )

    @property
    def shown(self) -> Doc:
        """The rule as a SelfSubjectRulesReview prints it."""
        return {
            "verbs": sorted(self.verbs),
            "apiGroups": sorted(self.groups),
            "resources": sorted(self.resources),
        }


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
    the real server's former insecure port, who may do everything, unless `strict` demands a token of everybody."""

    def __init__(self, admin_token: str, users: Doc, strict: bool = False) -> None:
        everything = frozenset("*")
        rules = (Rule(everything, everything, everything, frozenset()),)
        self._admin = User("admin", rules)
        self._without_token = None if strict else User("system:unsecured", rules)
        self._users = {token: _user(row) for token, row in users.items()} | {admin_token: self._admin}

    def user(self, header: str, path: str) -> User:
        """Return the user of an Authorization header; raises ApiError 401."""
        if not header:
            if self._without_token is None and not path.startswith(_PUBLIC):
                raise unauthorized()
            return self._without_token or User("system:anonymous", ())
        word, _, token = header.partition(" ")
        known = self._users.get(token.strip()) if word.lower() == "bearer" else None
        if known is None:
            raise unauthorized()
        return known

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


def require(user: User, call: Call) -> None:
    """Raise ApiError 403, with the real server's words, unless `user` may make `call`."""
    if not user.may(access_of(call)):
        raise forbidden(call.kind, call.name, refusal(user, access_of(call), call.kind))


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


def _user(row: Doc) -> User:
    return User(row["name"], tuple(_rule(rule) for rule in row.get("rules", ())))


def _rule(row: Doc) -> Rule:
    names = ("apiGroups", "resources", "verbs", "namespaces")
    groups, resources, verbs, namespaces = (frozenset(row.get(name, ())) for name in names)
    return Rule(groups, resources, verbs, namespaces)
