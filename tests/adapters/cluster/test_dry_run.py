"""A dry run: no is no, and a server that fails twice with the same words has said no as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from migrator.adapters.cluster.reader import KubeReader
from migrator.adapters.cluster.resources import Resources
from migrator.adapters.cluster.words import refusal
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.manifests import Manifest

SERVER = say("subject.listed", names=("api",))
DUPLICATE = 'failed to create typed patch object: duplicate entries for key [name="TZ"]'
MADE: Manifest = {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "gw", "namespace": "edge"}}


class Server:
    """A connection whose API server answers a write with these statuses and words, one after the other."""

    def __init__(self, *answers: tuple[int, str]) -> None:
        self._answers: Iterator[tuple[int, str]] = iter(answers)
        self.tried = 0

    def ask(self, method: str, path: str, query: Any = None, *_more: Any, question: bool = False) -> Manifest:
        if method == "GET":
            return {"resources": [{"name": "daemonsets", "kind": "DaemonSet", "namespaced": True}]}
        assert query["dryRun"] == "All"
        self.tried += 1
        status, words = next(self._answers)
        if status >= 300:
            raise refusal(SERVER, f"{method} {path}", status, words.encode(), {})
        return {}


def answered(*answers: tuple[int, str]) -> tuple[Message | None, int]:
    server = Server(*answers)
    said = KubeReader(server, Resources(server)).dry_run(MADE)  # type: ignore[arg-type]
    return said, server.tried


def test_the_same_failure_twice_is_an_answer_with_the_servers_words() -> None:
    said, tried = answered((500, DUPLICATE), (500, DUPLICATE))

    assert said is not None
    assert (said["words"], tried) == (DUPLICATE, 2)


def test_a_failure_that_passes_is_none_and_a_refusal_is_not_asked_again() -> None:
    assert answered((500, "etcd leader changed"), (200, "")) == (None, 2)
    assert answered((200, "")) == (None, 1)
    said, tried = answered((422, "field is immutable"))
    assert (said is not None, tried) == (True, 1)


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(((500, "webhook timed out"), (500, "etcd leader changed")), id="another failure"),
        pytest.param(((503, "overloaded"),), id="overloaded"),
        pytest.param(((500, "x"), (503, "overloaded")), id="overloaded the second time"),
    ],
)
def test_other_trouble_is_silence(answers: Any) -> None:
    with pytest.raises(Unreachable):
        answered(*answers)
