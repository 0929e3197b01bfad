"""Lists that the API keeps by a key: one row a key. Objects that were created or applied from a client may hold a key twice;
server-side apply, by which a run writes, refuses that (500, "duplicate entries for key").

What is kept is what the kubelet does with the rows anyway, so nothing changes for the pods.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping

from migrator.domain.messages.message import say
from migrator.domain.model.manifests import Json, Manifest, dig, items, mapping, number, text
from migrator.domain.planning.derive.draft import Draft
from migrator.domain.planning.derive.network import asks

LAST_WINS = say("derived.last-of-a-name")
ONCE = say("derived.once")
MERGED = say("derived.merged-by-address")
ONE_PORT = say("derived.one-port")


def one_row_a_key(draft: Draft, named: Collection[str]) -> None:
    """Leave one row for each key. `named` are the ports' names that Services ask for: such a name stays."""
    for path, container in draft.containers():
        _only_last(draft, path, container)
    _only_first(draft, "imagePullSecrets")
    _hosts(draft)
    _ports(draft, named)


def _only_last(draft: Draft, path: str, container: Manifest) -> None:
    """Of a variable that is set twice the kubelet takes the last."""
    rows = items(container, "env")
    last = {text(row, "name"): index for index, row in enumerate(rows)}
    kept: list[Json] = [row for index, row in enumerate(rows) if last[text(row, "name")] == index]
    if len(kept) < len(rows):
        draft.put(container, path, "env", kept, LAST_WINS)


def _only_first(draft: Draft, key: str) -> None:
    rows = items(draft.spec, key)
    first = {text(row, "name"): row for row in reversed(rows)}
    if len(first) < len(rows):
        kept: list[Json] = [first[name] for name in dict.fromkeys(text(row, "name") for row in rows)]
        draft.put(draft.spec, "spec", key, kept, ONCE)


def _hosts(draft: Draft) -> None:
    """The kubelet writes the names of every row into /etc/hosts, so rows of one address are one row."""
    rows = items(draft.spec, "hostAliases")
    names: dict[str, list[Json]] = {}
    for row in rows:
        listed = row.get("hostnames")
        names.setdefault(text(row, "ip"), []).extend(listed if isinstance(listed, list) else [])
    if len(names) < len(rows):
        kept: list[Json] = [{"ip": ip, "hostnames": list(dict.fromkeys(map(str, of)))} for ip, of in names.items()]
        draft.put(draft.spec, "spec", "hostAliases", kept, MERGED)


def _ports(draft: Draft, named: Collection[str]) -> None:
    """Leave one row a port. In the node's network that holds for the pod as a whole: its containers share the ports."""
    shared = draft.spec.get("hostNetwork") is True
    best: dict[Hashable, tuple[str, int]] = {}
    worth: dict[Hashable, tuple[bool, bool]] = {}
    for where, container in draft.containers():
        for index, row in enumerate(items(container, "ports")):
            key, value = _key("" if shared else where, row), (text(row, "name") in named, bool(text(row, "name")))
            if key not in best or value > worth[key]:
                best[key], worth[key] = (where, index), value
    for where, container in draft.containers():
        _keep_best(draft, where, container, frozenset(best.values()))


def _key(where: str, row: Manifest) -> Hashable:
    return where, number(row, "containerPort"), text(row, "protocol") or "TCP"


def _keep_best(draft: Draft, where: str, container: Manifest, best: Collection[tuple[str, int]]) -> None:
    """Leave the rows that were found best: whose name somebody asks for, else the first with a name, else the first."""
    rows = items(container, "ports")
    kept: list[Json] = [row for index, row in enumerate(rows) if (where, index) in best]
    if len(kept) == len(rows):
        return
    left = {text(row, "name") for row in kept}
    gone = {text(row, "name"): number(row, "containerPort") for row in rows if text(row, "name") not in left}
    _by_number(draft, where, container, gone)
    draft.keep(container, where, "ports", kept, ONE_PORT)


def _by_number(draft: Draft, path: str, container: Manifest, gone: Mapping[str, int]) -> None:
    """Let the container's probes and hooks that ask a port by a name that goes ask it by its number."""
    for where, asked in asks(path, container):
        name = dig(asked, "port")
        if isinstance(name, str) and name in gone:
            draft.put(asked, where, "port", gone[name], ONE_PORT)


def names_asked(services: Iterable[Manifest]) -> frozenset[str]:
    """Return the names by which Services ask for ports."""
    return frozenset(
        text(port, "targetPort")
        for service in services
        for port in items(mapping(service), "spec", "ports")
        if isinstance(port.get("targetPort"), str)
    )
