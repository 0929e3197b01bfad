"""The one form of a vendor's network policy, and what it says of pods and nodes. A pod in its node's network is that node."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from migrator.domain.messages.message import Message
from migrator.domain.model.kubernetes import covers
from migrator.domain.model.manifests import Json, Manifest


@dataclass(frozen=True, slots=True)
class Pod:
    """What a policy can know of one side's pods: labels, namespace with its labels, service account, addresses."""

    having: Mapping[str, str]
    namespace: str
    space: Mapping[str, str]
    account: str = "default"
    addresses: tuple[str, ...] = ()


Chosen: TypeAlias = Callable[[Pod], bool]


def nobody(_pod: Pod) -> bool:
    """Choose no pod."""
    return False


@dataclass(frozen=True, slots=True)
class Peer:
    """One source of an ingress rule. `nodes`: it names the cluster's nodes as such; `blocks` are (CIDR, exceptions).

    `by_address`: the nodes' addresses count as addresses; Cilium gives nodes an identity that no CIDR means.
    """

    why: Message
    pods: Chosen = nobody
    blocks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    nodes: bool = False
    everyone: bool = False
    by_address: bool = True

    def means(self, pod: Pod) -> bool:
        """Say whether these pods are meant, in their own network."""
        return self.everyone or self.pods(pod) or self._all_within(pod.addresses)

    def means_nodes(self, addresses: tuple[str, ...]) -> bool:
        """Say whether all these nodes are meant."""
        return self.everyone or self.nodes or (self.by_address and self._all_within(addresses))

    def _all_within(self, addresses: tuple[str, ...]) -> bool:
        return bool(addresses and self.blocks) and all(self._within(address) for address in addresses)

    def _within(self, address: str) -> bool:
        return any(
            covers(cidr, address) and not any(covers(each, address) for each in left_out)
            for cidr, left_out in self.blocks
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy. `chooses` says whom it protects, `scope` is what that is worked out from: two of one scope mean the same.

    `isolates`: whoever it protects refuses what no policy allows. `unread` names an expression that could not be read.
    """

    thing: Manifest
    chooses: Chosen
    scope: Json
    allows: tuple[Peer, ...] = ()
    denies: tuple[Peer, ...] = ()
    isolates: bool = False
    unread: str = ""
    selector: str = ""
