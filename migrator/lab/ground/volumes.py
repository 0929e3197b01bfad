"""Where the volumes that the containers of a pod share are on this machine: a folder for each pod. It makes nothing."""

from collections.abc import Mapping
from pathlib import Path


def in_pod(env: Mapping[str, str], path: str) -> Path:
    """Return where a path of a pod's volumes is; `env` is the environment of any of its containers."""
    return Path(env["TMPDIR"]) / env["POD_NAME"] / path.lstrip("/")
