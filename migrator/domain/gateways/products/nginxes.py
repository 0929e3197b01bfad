"""ingress-nginx, which can go on accepting after SIGTERM; any other nginx, which cannot; a gateway of which nothing is known.

Sources: kubernetes/ingress-nginx internal/ingress/controller/nginx.go (`Stop`: isShuttingDown, sleep for
--shutdown-grace-period, then `nginx -s quit`) and checker.go (/healthz fails while isShuttingDown); nginx's signals.
"""

from __future__ import annotations

import re

from migrator.domain.gateways.products.row import Check, Clients, Known, OwnDrain, Product, Turn, any_template
from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import pod_containers, words_of
from migrator.domain.model.manifests import Json, Manifest, dig, mapping, text

FLAG = "--shutdown-grace-period"
_POST = 10.0
"""Its --post-shutdown-grace-period: so long it waits after nginx has ended."""

_TOLD = re.compile(rf"{FLAG}[= ](\d+)")


def _controller(template: Manifest) -> Manifest:
    """Give the container that runs the controller; an empty one where none does."""
    rows = pod_containers(mapping(template, "spec"))
    return next((row for row in rows if "nginx-ingress-controller" in words_of(row)), {})


def _is_ingress_nginx(template: Manifest) -> bool:
    return bool(_controller(template))


def _read(template: Manifest, _settings: str) -> float:
    told = _TOLD.search(words_of(_controller(template)))
    return float(told[1]) if told else 0.0


def _write(template: Manifest, _settings: str, seconds: float) -> Manifest:
    """Give the patch with the flag; arguments are one list, so all of them are said again."""
    controller = _controller(template)
    said = dig(controller, "args")
    words: list[Json] = list(said) if isinstance(said, list) else []
    kept: list[Json] = [word for word in words if not str(word).startswith(f"{FLAG}=")]
    row: Json = {"name": text(controller, "name"), "args": [*kept, f"{FLAG}={seconds:.0f}"]}
    return {"spec": {"containers": [row]}}


INGRESS_NGINX = Product(
    name="ingress-nginx",
    title="ingress-nginx",
    marks=_is_ingress_nginx,
    turns=(
        Turn(say("turn.sigterm-controller"), Check.FAILS, Clients.SERVED, Known.READ),
        Turn(say("turn.quit"), Check.CLOSED, Clients.REFUSED, Known.READ),
    ),
    drain=OwnDrain(FLAG, say("drain.ingress-nginx"), _read, _write, _POST),
    chart="ingress-nginx",
)

PLAIN_NGINX = Product(
    name="nginx",
    title="nginx",
    marks=any_template,
    turns=(
        Turn(say("turn.pre-stop"), Check.STAYS, Clients.SERVED, Known.READ),
        Turn(say("turn.quit"), Check.CLOSED, Clients.REFUSED, Known.READ),
    ),
)

UNKNOWN = Product(
    name="unknown",
    title="the gateway",
    marks=any_template,
    turns=(
        Turn(say("turn.pre-stop"), Check.STAYS, Clients.SERVED, Known.READ),
        Turn(say("turn.sigterm"), Check.CLOSED, Clients.REFUSED, Known.READ),
    ),
)
