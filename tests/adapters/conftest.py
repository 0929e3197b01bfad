"""A kubeconfig for a fabricated API server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from migrator.domain.model.spec import ClusterSpec

SECRET = "do-not-print-me"


@pytest.fixture
def spec_of(tmp_path: Path) -> Callable[[str], ClusterSpec]:
    """Write a kubeconfig for a server's URL and give the spec that names it."""

    def write(url: str) -> ClusterSpec:
        context = {"cluster": "c", "user": "u"}
        content = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "here",
            "clusters": [{"name": "c", "cluster": {"server": url}}],
            "users": [{"name": "u", "user": {"token": SECRET}}],
            "contexts": [{"name": "here", "context": context}],
        }
        path = tmp_path / "kubeconfig"
        path.write_text(yaml.safe_dump(content))
        return ClusterSpec("ns", kubeconfig=str(path))

    return write
