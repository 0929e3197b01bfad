"""Which Istio object a part of a configuration was made of, as far as it says so itself. Pure; it guesses nothing."""

from __future__ import annotations

import re

from migrator.adapters.gateways.configuration.rewriting import ORIGIN
from migrator.domain.model.manifests import Json, text

_POLICY = re.compile(r"ns\[(.+?)\]-policy\[(.+?)\]-rule\[\d+\]")
_PATH = re.compile(r"/apis/[^/]+/[^/]+/namespaces/([^/]+)/([^/]+)/([^/]+)")
_WASM = re.compile(r"exten\w+\.istio\.io/wasmplugin/([^.]+)\.(.+)")
_SECRET = re.compile(r"kubernetes(?:-gateway)?://(.+)")
_HOST = re.compile(r"(?:inbound|outbound)\|\d*\|[^|]*\|([^.|]+)\.([^.|]+)\.svc\..+")


def origin(*parts: Json) -> str:
    """Give the object that the first of these parts names in its metadata (`istio.config`); "" where none does."""
    named = (text(part, "metadata", "filter_metadata", ORIGIN) for part in parts)
    return next((shown for name in named if (shown := _object(name))), "")


def by_name(name: str) -> str:
    """Give the object that a name of istiod's contains: a policy's rule, a Wasm plugin, a certificate's Secret."""
    if match := _POLICY.search(name):
        return f"AuthorizationPolicy {match[1]}/{match[2]}"
    if match := _WASM.search(name):
        return f"WasmPlugin {match[1]}/{match[2]}"
    if match := _SECRET.search(name):
        return f"Secret {match[1]}"
    return ""


def by_unit(unit: str) -> str:
    """Give the object that a whole unit stands for: a certificate's Secret, a plugin, the Service of endpoints."""
    if (match := _HOST.search(unit)) and unit.startswith("endpoints/"):
        return f"Service {match[2]}/{match[1]}"
    return by_name(unit)


def _object(path: str) -> str:
    """Read `/apis/networking.istio.io/v1/namespaces/shop/virtual-service/api` as `VirtualService shop/api`."""
    match = _PATH.fullmatch(path)
    if not match:
        return path
    kind = "".join(word.capitalize() for word in match[2].split("-"))
    return f"{kind} {match[1]}/{match[3]}"
