"""In which ways a listener's backends may be asked, the likeliest first. It asks nobody."""

from __future__ import annotations

from migrator.domain.model.balancer import ProbeWay
from migrator.domain.model.spec import ListenerSpec

TLS_PORTS = frozenset({443, 6443, 8443, 9443})
"""Ports that clients or gateways use for TLS by custom."""


def candidates(listener: ListenerSpec, backend_port: int) -> tuple[ProbeWay, ...]:
    """Return the ways to try. A plan that says one means it; the port that clients dial tells more than the backend's.

    A balancer that speaks HTTP itself (layer 7) ends TLS, so there the backend's own port is what tells. PROXY protocol comes
    last: whoever does not expect it answers such a request with an error of the client's.
    """
    if listener.probe is not ProbeWay.AUTO:
        return (listener.probe,)
    dialled = {backend_port} if listener.layer == 7 else {listener.port, backend_port}
    plain, introduced = (ProbeWay.HTTP, ProbeWay.HTTPS), (ProbeWay.HTTP_PROXY, ProbeWay.HTTPS_PROXY)
    in_tls = bool(TLS_PORTS & dialled)
    return (*plain[::-1], *introduced[::-1]) if in_tls else (*plain, *introduced)
