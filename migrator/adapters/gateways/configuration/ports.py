"""A listening port in names: listeners, route configurations, filter chains, domains. Pure; any other port stays as it is.

istiod names a virtual host by the *Gateway's* port (`shop.example:80`), whatever port is listened on; who writes a
configuration by hand may name the listening port. So domains are read in both ways, and virtual hosts go by their host.
Source: istio pilot/pkg/networking/core/gateway.go, `util.DomainName(hostname, port)`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_ROUTE_NAME = re.compile(r"(http\.)(\d{1,5})(\..+)?")
_HOST_PORT = re.compile(r"(.+:)(\d{1,5})()")
_UNDERSCORE_PORT = re.compile(r"(.*_)(\d{1,5})(;?)")


class Ports:
    """This side's listening ports by the new side's; empty on the new side itself. `by_listener`: domains name them too."""

    def __init__(self, ports: Mapping[int, int], by_listener: bool) -> None:
        self._ports, self._by_listener = ports, by_listener
        self.met_domain = False

    def number(self, port: int) -> int:
        """Give the new side's port for one that is listened on."""
        return self._ports.get(port, port)

    def of_listener(self, name: str) -> str:
        """Map the port of a listener's or a filter chain's name."""
        return self._in(_UNDERSCORE_PORT, name)

    def of_route(self, name: str) -> str:
        """Map the port of a route configuration's name; Istio's `https.443.…` has the Gateway's, which both sides have."""
        return self._in(_ROUTE_NAME, name)

    def of_domain(self, domain: str) -> str:
        """Map the port of a domain, where domains name the listening port; notes that there was one to map."""
        mapped = self._in(_HOST_PORT, domain)
        self.met_domain = self.met_domain or mapped != domain
        return mapped if self._by_listener else domain

    def _in(self, pattern: re.Pattern[str], name: str) -> str:
        match = pattern.fullmatch(name)
        if not match or int(match[2]) not in self._ports:
            return name
        return f"{match[1]}{self._ports[int(match[2])]}{match[3] or ''}"


def host_of(virtual_host: str) -> str:
    """Give a virtual host's name without its port: which of the two ports it names means nothing to a client."""
    match = _HOST_PORT.fullmatch(virtual_host)
    return match[1][:-1] if match else virtual_host
