"""What a plan says of the program that a side's gateways are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GatewaySpec:
    """How to talk to a gateway pod: its kind, the admin port inside the pod, and the container that holds it.

    `name_header` is the response header in which a gateway names itself: its pod's name or address.
    """

    kind: str
    admin_port: int = 15000
    container: str = ""
    probe_host: str = ""
    probe_path: str = "/"
    name_header: str = "x-gateway"
