"""Write the lab's kubeconfig, and read anybody's into what an HTTP client needs."""

import base64
import ssl
from collections.abc import Mapping
from pathlib import Path

import httpx
import yaml
from kubernetes import client, config

from migrator.lab.ground.layout import ADMIN_TOKEN, GATEWAY_NAMESPACE, Layout

CONTEXT = "lab"


def context_of(layout: Layout) -> str:
    """Return the name of a cluster's context."""
    return CONTEXT if layout.cluster == 1 else f"{CONTEXT}-{layout.cluster}"


def write(path: Path, *clusters: Layout) -> None:
    """Write a kubeconfig with a context for each cluster, the first the current one. Its token is the lab's administrator."""
    layouts = {context_of(layout): layout for layout in clusters}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": next(iter(layouts)),
        "clusters": [{"name": name, "cluster": {"server": f"http://{at.api}"}} for name, at in layouts.items()],
        "users": [{"name": CONTEXT, "user": {"token": ADMIN_TOKEN}}],
        "contexts": [
            {"name": name, "context": {"cluster": name, "user": CONTEXT, "namespace": GATEWAY_NAMESPACE}}
            for name in layouts
        ],
    }
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    path.chmod(0o600)


def current_context(path: Path) -> str:
    """Return the name of any kubeconfig's current context."""
    return str(yaml.safe_load(path.read_text(encoding="utf-8"))["current-context"])


def connect(path: Path) -> httpx.Client:
    """Open a client to the current context of any kubeconfig: plain or TLS, token or client certificate."""
    access = client.Configuration()
    config.load_kube_config(str(path), client_configuration=access)  # type: ignore[no-untyped-call]  # it has no types
    settings: dict[str, dict[str, str]] = access.auth_settings()  # type: ignore[assignment]  # typed as object
    headers = {setting["key"]: setting["value"] for setting in settings.values() if setting["in"] == "header"}
    verify: ssl.SSLContext | bool = False
    if access.host.startswith("https") and access.verify_ssl:
        verify = ssl.create_default_context(cafile=access.ssl_ca_cert)
        if access.cert_file:
            verify.load_cert_chain(access.cert_file, access.key_file)
    return httpx.Client(base_url=access.host, headers=headers, verify=verify, timeout=10, trust_env=False)


def reaches(path: Path, context: str | None = None) -> tuple[str, dict[str, str] | None]:
    """Return where a context of a kubeconfig leads, the current one or another, and the files of its TLS (ca, cert, key); None:
    it has none."""
    access = client.Configuration()
    config.load_kube_config(str(path), context, access)  # type: ignore[no-untyped-call]  # it has no types
    files = {"ca": access.ssl_ca_cert, "cert": access.cert_file, "key": access.key_file}
    known = {name: str(file) for name, file in files.items() if file}
    return access.host, known if access.host.startswith("https") else None


def led(path: Path, into: Path, servers: Mapping[str, tuple[str, Path]]) -> None:
    """Write a copy of a kubeconfig whose contexts' clusters are reached at other servers, each by TLS of its CA."""
    content = yaml.safe_load(path.read_text())
    for name, (server, ca) in servers.items():
        context = next(row["context"] for row in content["contexts"] if row["name"] == name)
        cluster = next(row for row in content["clusters"] if row["name"] == context["cluster"])
        trust = base64.b64encode(ca.read_bytes()).decode()
        cluster["cluster"] = {"server": server, "certificate-authority-data": trust}
    into.write_text(yaml.safe_dump(content, sort_keys=False))
    into.chmod(0o600)
