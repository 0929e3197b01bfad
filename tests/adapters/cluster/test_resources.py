"""Discovery: each API version is asked for once, by however many threads, and again only for a kind that was missing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from migrator.adapters.cluster.reader import PAGE, KubeReader
from migrator.adapters.cluster.resources import MISSING_FOR, Resources
from migrator.domain.model.manifests import Json, Manifest

KINDS = ("Deployment", "DaemonSet", "StatefulSet", "ReplicaSet")
WAIT = 5.0


class Server:
    """A connection that answers discovery and pages of pods; it counts what it is asked."""

    def __init__(self, kinds: tuple[str, ...] = KINDS, pods: int = 0) -> None:
        self.kinds, self.pods, self.asked = list(kinds), pods, list[str]()
        self.go = threading.Event()
        self.go.set()

    def ask(self, _method: str, path: str, query: Any = None, *_more: Any) -> Manifest:
        self.asked.append(path)
        assert self.go.wait(WAIT)
        if path.startswith("/apis/") and path.count("/") == 2:
            return {"versions": [{"groupVersion": f"{path[6:]}/{version}"} for version in ("v1", "v1beta1")]}
        if query is None:
            rows: list[Json] = [{"name": kind.lower(), "kind": kind, "namespaced": True} for kind in self.kinds]
            return {"resources": rows}
        first = int(query.get("continue") or 0)
        last = min(first + int(query["limit"]), self.pods)
        items: list[Json] = [{"metadata": {"name": f"p-{at}"}, "spec": {"much": "x"}} for at in range(first, last)]
        more: Json = {"continue": str(last)} if last < self.pods else {}
        return {"kind": "PodList", "apiVersion": "v1", "metadata": more, "items": items}


def test_threads_that_want_one_api_version_at_once_ask_for_it_once() -> None:
    server = Server()
    resources = Resources(server)  # type: ignore[arg-type]
    server.go.clear()
    with ThreadPoolExecutor(len(KINDS)) as pool:
        answers = [pool.submit(resources.find, "apps/v1", kind) for kind in KINDS]
        server.go.set()
        found = [answer.result(WAIT) for answer in answers]

    assert [resource.plural for resource in found if resource] == [kind.lower() for kind in KINDS]
    assert server.asked == ["/apis/apps/v1"]


def test_a_kind_that_was_missing_is_asked_for_again_for_its_definition_may_arrive() -> None:
    server, now = Server(()), [0.0]
    resources = Resources(server, lambda: now[0])  # type: ignore[arg-type]
    missing = [resources.find("apps/v1", kind) for kind in KINDS]
    server.kinds.append("Deployment")
    still = resources.find("apps/v1", "Deployment")
    now[0] = MISSING_FOR
    found = [resources.find("apps/v1", "Deployment") for _ in range(2)]

    assert missing == [None] * len(KINDS)
    assert still is None
    assert [resource and resource.plural for resource in found] == ["deployment"] * 2
    assert len(server.asked) == 2


def test_the_kinds_of_a_group_are_those_of_all_its_versions_each_asked_once() -> None:
    server = Server()
    resources = Resources(server)  # type: ignore[arg-type]

    assert resources.kinds("apps") == tuple(sorted(KINDS))
    assert resources.find("apps/v1", "Deployment")
    assert server.asked == ["/apis/apps", "/apis/apps/v1", "/apis/apps/v1beta1"]


def test_of_each_page_only_what_is_kept_stays() -> None:
    server = Server(("Pod",), 2 * PAGE + 1)
    reader = KubeReader(server, Resources(server))  # type: ignore[arg-type]
    pages = list[int]()

    def keep(pod: Manifest) -> Manifest:
        pages.append(len(server.asked))
        return {"metadata": pod["metadata"]}

    found = reader.list_objects("v1", "Pod", keep=keep)

    assert [pod.keys() for pod in found] == [{"metadata"}] * (2 * PAGE + 1)
    assert pages == [2] * PAGE + [3] * PAGE + [4]
