"""Host names of Gateways and VirtualServices: what two of them have in common, and how Envoy is told. Pure text."""

from __future__ import annotations

ANY = "*"
_CLUSTER_DOMAIN = "svc.cluster.local"


def covers(wide: str, narrow: str) -> bool:
    """Return whether `wide` is a wildcard (`*` or `*.example.com`) that covers `narrow`, or the very same host."""
    if wide in (ANY, narrow):
        return True
    return wide.startswith("*.") and narrow.endswith(wide[1:])


def common(one: str, two: str) -> str | None:
    """Return the narrower of two hosts that overlap; None if they have nothing in common."""
    if covers(one, two):
        return two
    return one if covers(two, one) else None


def allowed(server_host: str, gateway_namespace: str, namespace: str) -> str | None:
    """Return a server's host without its `namespace/` part; None if that part shuts the namespace out."""
    where, slash, host = server_host.rpartition("/")
    if not slash or where in (ANY, namespace):
        return host
    return host if where == "." and namespace == gateway_namespace else None


def domains(host: str) -> list[str]:
    """Return Envoy's domains for a host: with any port too, as Istio does since 1.11; `*` stands alone."""
    return [ANY] if host == ANY else [host, f"{host}:*"]


def service_host(host: str, namespace: str) -> str:
    """Return the full name a destination means: a bare name is a Service of the VirtualService's own namespace."""
    return host if "." in host else f"{host}.{namespace}.{_CLUSTER_DOMAIN}"


def service_key(host: str) -> tuple[str, str] | None:
    """Return (namespace, name) of a full Service name; None for a host outside the cluster."""
    name, _, rest = host.partition(".")
    namespace, _, domain = rest.partition(".")
    return (namespace, name) if domain == _CLUSTER_DOMAIN else None
