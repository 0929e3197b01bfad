"""Istio's gateway: SIGTERM turns 15021 at once, and Envoy goes on accepting for terminationDrainDuration.

Sources: pkg/envoy/agent.go (`terminate`: drain, sleep, abort), pilot/cmd/pilot-agent/config/config.go (the pod's annotation is
read from the downward API and goes over PROXY_CONFIG and the mesh's defaults); tried with a real Envoy 1.40 behind the agent.
"""

from __future__ import annotations

import json
import re

from migrator.domain.gateways.products.row import Check, Clients, Known, OwnDrain, Product, Turn, any_template
from migrator.domain.messages.durations import PATTERN, seconds_of
from migrator.domain.messages.message import say
from migrator.domain.model.kubernetes import annotations_of, container_named, env
from migrator.domain.model.manifests import Json, Manifest, items, labels, mapping, text
from migrator.domain.model.outside.reading import parsed

CONFIG = "proxy.istio.io/config"
PROXY = ("istio-proxy",)
DRAIN = 5.0
"""Istio's own default of terminationDrainDuration, and of MINIMUM_DRAIN_DURATION, in seconds."""

LISTENS = 45.0
"""Istio's own default of drainDuration: so long after SIGTERM Envoy's listeners still accept."""

ON_ZERO, LEAST = "EXIT_ON_ZERO_ACTIVE_CONNECTIONS", "MINIMUM_DRAIN_DURATION"
_POD_INFO = "/etc/istio/pod"


def istio_container(template: Manifest) -> Manifest:
    """Give the container with the agent."""
    return container_named(mapping(template, "spec"), PROXY)


def read(template: Manifest, settings: str) -> float:
    """Give the seconds for which it still accepts after SIGTERM: of its own settings, else the mesh's, else the default.

    With EXIT_ON_ZERO_ACTIVE_CONNECTIONS it may end with the last connection, once MINIMUM_DRAIN_DURATION is over.
    """
    return min(lasts(template, settings), listens(template, settings))


def lasts(template: Manifest, settings: str) -> float:
    """Give the seconds after SIGTERM at which the agent kills Envoy; at least those, of one that exits on zero."""
    container = istio_container(template)
    if env(container, ON_ZERO) == "true":
        return _seconds(str(env(container, LEAST) or ""), DRAIN)
    return _told(template, settings, "terminationDrainDuration", DRAIN)


def listens(template: Manifest, settings: str) -> float:
    """Give the seconds after SIGTERM at which Envoy closes its listeners (drainDuration, --drain-time-s)."""
    return _told(template, settings, "drainDuration", LISTENS)


def _told(template: Manifest, settings: str, key: str, default: float) -> float:
    own = annotations_of(template).get(CONFIG, "")
    sent = str(env(istio_container(template), "PROXY_CONFIG") or "")
    for words in (own, sent, settings):
        if duration := _key(key).search(words):
            return _seconds(duration[2], default)
    return default


def _key(key: str) -> re.Pattern[str]:
    return re.compile(rf"((?<![A-Za-z]){key}[\"']?\s*:\s*[\"']?)({PATTERN})")


def _seconds(words: str, default: float) -> float:
    try:
        return seconds_of(words)
    except ValueError:
        return default


def write(template: Manifest, settings: str, seconds: float) -> Manifest:
    """Give the patch with which it accepts for so long: the environment of one that exits on zero, else its ProxyConfig."""
    container = istio_container(template)
    if env(container, ON_ZERO) == "true":
        return _of_env(container, LEAST, f"{seconds:g}s")
    wanted = {"terminationDrainDuration": seconds}
    if listens(template, settings) < seconds:
        wanted["drainDuration"] = seconds
    if not _reads_its_annotation(template):
        return _of_env(container, "PROXY_CONFIG", _with(str(env(container, "PROXY_CONFIG") or "{}"), wanted))
    now = annotations_of(template).get(CONFIG, "")
    return {"metadata": {"annotations": {CONFIG: _with(now, wanted)}}}


def _reads_its_annotation(template: Manifest) -> bool:
    """Say whether the agent will see the pod's annotations: the webhook mounts them, unless nobody asks it to."""
    container = istio_container(template)
    mounted = any(text(row, "mountPath") == _POD_INFO for row in items(container, "volumeMounts"))
    asked = {**labels(template, "metadata", "labels"), **annotations_of(template)}.get("sidecar.istio.io/inject")
    return mounted or text(container, "image") == "auto" or asked == "true"


def _of_env(container: Manifest, name: str, value: str) -> Manifest:
    row: Json = {"name": text(container, "name"), "env": [{"name": name, "value": value}]}
    return {"spec": {"containers": [row]}}


def _with(words: str, wanted: dict[str, float]) -> str:
    """Give a ProxyConfig (YAML or JSON text) that says these durations besides what it says already."""
    for key, seconds in wanted.items():
        words = _saying(words, key, f"{seconds:g}s")
    return words


def _saying(words: str, key: str, value: str) -> str:
    if _key(key).search(words):
        return _key(key).sub(rf"\g<1>{value}", words)
    try:
        known = parsed(words)
    except ValueError:
        known = None
    if isinstance(known, dict):
        return json.dumps({**known, key: value})
    inner = words.strip()
    if inner.startswith("{"):  # a YAML map in one line, which is no JSON
        return f"{{{key}: {value}, {inner[1:]}"
    return f"{inner}\n{key}: {value}\n" if inner else f"{key}: {value}\n"


ISTIO_GATEWAY = Product(
    name="istio",
    title="Istio gateway",
    marks=any_template,
    turns=(
        Turn(say("turn.drain-inbound"), Check.STAYS, Clients.SERVED, Known.TRIED),
        Turn(say("turn.fail"), Check.STAYS, Clients.ASKED, Known.TRIED),
        Turn(say("turn.pre-stop"), Check.STAYS, Clients.SERVED, Known.TRIED),
        Turn(say("turn.sigterm-agent"), Check.FAILS, Clients.ASKED, Known.TRIED),
        Turn(say("turn.drain-time"), Check.CLOSED, Clients.REFUSED, Known.TRIED),
    ),
    drain=OwnDrain("terminationDrainDuration", say("drain.istio"), read, write, lasts=lasts),
    waits_for_listeners=True,
    chart="gateway (istio)",
)
