"""The sentences by which gateways and their controllers warn, each with its source. Lines come in, kinds and counts go out:
what a line says beside the words that are known is never kept, since it may hold a secret. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from migrator.domain.model.actions import PodRef
from migrator.domain.model.balancer import Side
from migrator.domain.model.outside.warned import Trouble, Warned

LONGEST = 4096
"""Characters of a line that are looked at: what is known of a warning stands at its beginning."""

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=[.,\dZ+-])")
"""How a line begins where the kubelet is asked for timestamps."""


@dataclass(frozen=True, slots=True)
class Known:
    """A warning: all of these words stand in its line. `source` is the file whose words they are. `named`: it is about a
    gateway that it names; one that is neither side's is nobody's business here."""

    trouble: Trouble
    words: tuple[str, ...]
    source: str
    named: bool = False


KNOWN: tuple[Known, ...] = (
    # Envoy, whoever configures it: its own log.
    Known(
        Trouble.REJECTED,
        ("gRPC config for ", " rejected: "),
        "envoy source/extensions/config_subscription/grpc/grpc_subscription_impl.cc",
    ),
    Known(
        Trouble.REJECTED,
        ("delta config for ", " rejected: "),
        "envoy source/extensions/config_subscription/grpc/delta_subscription_state.cc",
    ),
    Known(
        Trouble.REJECTED,
        ("Filesystem config update rejected: ",),
        "envoy source/extensions/config_subscription/filesystem/filesystem_subscription_impl.cc",
    ),
    Known(
        Trouble.CUT_OFF,
        ("gRPC config stream to ", " closed since "),
        "envoy source/extensions/config_subscription/grpc/grpc_stream.h",
    ),
    Known(Trouble.PORT, ("cannot bind '",), "envoy source/common/listener_manager/listener_impl.cc"),
    # istiod.
    Known(Trouble.REJECTED, ("ADS:", ": ACK ERROR "), "istio pkg/xds/server.go, pilot/pkg/xds/ads.go", named=True),
    Known(Trouble.OMITTED, ("gateway omitting listener ",), "istio pilot/pkg/networking/core/gateway.go"),
    Known(Trouble.OMITTED, ("gateway listener ", " validation failed: "), "istio pilot/pkg/networking/core/gateway.go"),
    Known(Trouble.CONFLICT, ("skipping server on gateway ",), "istio pilot/pkg/model/gateway.go"),
    Known(Trouble.UNBOUND, ("no virtual service bound to gateway",), "istio pilot/pkg/networking/core/gateway.go"),
    # Envoy Gateway's and Contour's controllers.
    Known(
        Trouble.REJECTED,
        ("rejected the last update with code ",),
        "envoyproxy/gateway internal/xds/cache/snapshotcache.go (before 1.0 it says so at debug only)",
        named=True,
    ),
    Known(
        Trouble.REJECTED,
        ("level=error", " code=", " response_nonce="),
        "projectcontour/contour internal/xds/v3/callbacks.go",
        named=True,
    ),
    # ingress-nginx: controller and gateway are one.
    Known(
        Trouble.REJECTED,
        ("Unexpected failure reloading the backend",),
        "kubernetes/ingress-nginx internal/ingress/controller/controller.go",
    ),
    Known(Trouble.PORT, ("[emerg]", "bind() to ", " failed ("), "nginx src/core/ngx_connection.c"),
)


def warnings_of(
    by: PodRef, lines: Iterable[str], gateways: Mapping[str, Side], own: Side | None = None
) -> tuple[Warned, ...]:
    """Give what the lines of one pod's log warn of. `own` is its side where it is a gateway (None: it is a controller's);
    `gateways` are those of both sides by name."""
    found: dict[tuple[Trouble, str, Side | None], list[str]] = {}
    for line in lines:
        if (known := _known(line := line[:LONGEST])) is None:
            continue
        about = _named(line, gateways) if own is None else by.name
        side = own or gateways.get(about)
        if side is not None or not known.named:
            found.setdefault((known.trouble, about, side), []).append(_stamp(line))
    who = f"{by.namespace}/{by.name}"
    return tuple(
        Warned(trouble, who, about, side, len(stamps), max(stamps)) for (trouble, about, side), stamps in found.items()
    )


def _known(line: str) -> Known | None:
    return next((known for known in KNOWN if all(word in line for word in known.words)), None)


def _named(line: str, gateways: Mapping[str, Side]) -> str:
    """Give the gateway that a line names; of names that begin alike the longest."""
    return max((name for name in gateways if name in line), key=len, default="")


def _stamp(line: str) -> str:
    found = STAMP.match(line)
    return found[0] if found else ""
