"""Where pods run: one node with its addresses and what all its pods share. Pure values, and the pod addresses given out."""

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from migrator.lab.apiclient import Api
from migrator.lab.node.documents import Json, at
from migrator.lab.node.events import Events


@dataclass(frozen=True, slots=True)
class Lab:
    """What all nodes of this agent have in common."""

    net: str
    istiod: str
    labels: Mapping[str, str]
    scratch: Path
    taint: str = ""
    cluster: int = 1


class NoAddress(Exception):
    """All addresses of a node's pod network are taken."""


class PodAddresses:
    """The pod network of one node: `<prefix>.2` to `<prefix>.254`, given out in turn so that none is reused at once."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._taken: set[int] = set()
        self._next = 2

    def take(self, wanted: str | None = None) -> str:
        """Take `wanted` if it is one of these and free, else the next free one. Raise `NoAddress` if none is."""
        if wanted and wanted.startswith(f"{self._prefix}."):
            last = int(wanted.rpartition(".")[2])
            if last not in self._taken:
                return self._keep(last)
        for step in range(253):
            last = 2 + (self._next - 2 + step) % 253
            if last not in self._taken:
                self._next = 2 + (last - 1) % 253
                return self._keep(last)
        raise NoAddress(f"no free address in {self._prefix}.0/24")

    def release(self, ip: str) -> None:
        """Give an address back; one that is not of this network is ignored."""
        if ip.startswith(f"{self._prefix}."):
            self._taken.discard(int(ip.rpartition(".")[2]))

    def _keep(self, last: int) -> str:
        self._taken.add(last)
        return f"{self._prefix}.{last}"


@dataclass(frozen=True, slots=True)
class Host:
    """One node as its pods see it."""

    name: str
    ip: str
    addresses: PodAddresses
    api: Api
    events: Events
    starts: asyncio.Semaphore
    lab: Lab

    def environment(self, pod: Json, ip: str) -> dict[str, str]:
        """Return what every container of `pod` is given before its own `env`."""
        tools = f"{self.lab.scratch / 'bin'}:{Path(sys.executable).parent}"
        return {
            "PATH": f"{tools}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "HOME": str(self.lab.scratch),
            "TMPDIR": str(self.lab.scratch / "tmp"),  # a killed container cleans nothing up; the agent does
            "HOSTNAME": pod["metadata"]["name"],
            "POD_IP": ip,
            "POD_NAME": pod["metadata"]["name"],
            "POD_NAMESPACE": pod["metadata"]["namespace"],
            "NODE_NAME": self.name,
            "HOST_IP": self.ip,
            "LAB_ISTIOD": self.lab.istiod,
        }

    def address_for(self, pod: Json) -> str:
        """Return the pod's address: the node's with hostNetwork, else one of the pod network. Raise `NoAddress`."""
        if at(pod, "spec", "hostNetwork"):
            return self.ip
        return self.addresses.take(at(pod, "status", "podIP"))
