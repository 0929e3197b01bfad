"""Where a Service may not lead. Source: `ValidateNonSpecialIP` of kubernetes, for Endpoints and EndpointSlices."""

from collections.abc import Iterator
from ipaddress import ip_address

from migrator.lab.kube.api.documents import Doc, rows
from migrator.lab.kube.api.errors import Flaw, bad_value
from migrator.lab.kube.api.kinds import Kind


def loopback_flaws(kind: Kind, doc: Doc) -> Iterator[Flaw]:
    """Yield the loopback addresses of an Endpoints or an EndpointSlice object."""
    for path, address in _addresses(kind, doc):
        if _is_loopback(address):
            yield bad_value(path, address, "may not be in the loopback range (127.0.0.0/8, ::1/128)")


def _addresses(kind: Kind, doc: Doc) -> Iterator[tuple[str, str]]:
    if kind.plural == "endpointslices":
        for at, endpoint in enumerate(rows(doc, "endpoints")):
            for place, address in enumerate(endpoint.get("addresses") or ()):
                yield f"endpoints[{at}].addresses[{place}]", str(address)
    elif kind.plural == "endpoints":
        for at, subset in enumerate(rows(doc, "subsets")):
            for part in ("addresses", "notReadyAddresses"):
                for place, row in enumerate(rows(subset, part)):
                    yield f"subsets[{at}].{part}[{place}].ip", str(row.get("ip"))


def _is_loopback(text: str) -> bool:
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return False
