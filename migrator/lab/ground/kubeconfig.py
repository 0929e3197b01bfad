"""Write the lab's kubeconfig, and read anybody's into what an HTTP client needs."""

import ssl
from pathlib import Path

import httpx
import yaml
from kubernetes import client, config

from migrator.lab.ground.layout import ADMIN_TOKEN, GATEWAY_NAMESPACE, Layout

CONTEXT = "lab"


def write(path: Path, layout: Layout) -> None:
    """Write a kubeconfig with the one context `lab`, whose token is the lab's administrator."""
    context = {"cluster": CONTEXT, "user": CONTEXT, "namespace": GATEWAY_NAMESPACE}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": CONTEXT,
        "clusters": [{"name": CONTEXT, "cluster": {"server": f"http://{layout.api}"}}],
        "users": [{"name": CONTEXT, "user": {"token": ADMIN_TOKEN}}],
        "contexts": [{"name": CONTEXT, "context": context}],
    }
    path.write_text(yaml.safe_dump(content, sort_keys=False))
    path.chmod(0o600)


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
