"""The command line in this process, with a store, a kubeconfig and a plan file of its own and canaries for secrets."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from migrator.cli.main import cli

LAB = Path(__file__).parents[2] / "plans" / "lab.yaml"
SECRET, TOKEN = "canary-of-the-secret-key", "canary-of-the-token"
SECRETS = (SECRET, TOKEN, "canary-of-the-secret-id")


@dataclass(slots=True)
class Terminal:
    """Somebody with a folder of their own."""

    folder: Path

    @property
    def store(self) -> Path:
        return self.folder / "state" / "migrator.db"

    def call(self, *words: str) -> Result:
        """Run a command; what it printed on both streams is in `output`."""
        return CliRunner().invoke(cli, [*words], env={"MIGRATOR_STORE": str(self.store), "COLUMNS": "80"})

    def refused(self, *words: str, code: int) -> str:
        """Run a command that must fail with this code, without a traceback and without a secret; give its message."""
        done = self.call(*words)
        assert done.exit_code == code, done.output
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert "Traceback" not in done.output
        assert [secret for secret in SECRETS if secret in done.output] == []
        return " ".join(done.output.split())

    def kubeconfig(self, server: str) -> Path:
        """Write a kubeconfig with the context `lab`."""
        return write(
            self.folder / "kubeconfig",
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "lab",
                "clusters": [{"name": "c", "cluster": {"server": server}}],
                "users": [{"name": "u", "user": {"token": TOKEN}}],
                "contexts": [{"name": "lab", "context": {"cluster": "c", "user": "u"}}],
            },
        )

    def plan(self, api: str = "http://127.0.0.1:9", balancer: str = "http://127.0.0.1:9", **changes: str) -> str:
        """Write a plan file for these servers; `changes` set keys of spec.cluster or, with `lb_`, of the balancer."""
        content = yaml.safe_load(LAB.read_text(encoding="utf-8"))
        spec = content["spec"]
        spec["cluster"]["kubeconfig"] = str(self.kubeconfig(api))
        spec["loadBalancer"]["endpoint"] = balancer
        for key, value in changes.items():
            part = spec["loadBalancer"] if key.startswith("lb_") else spec["cluster"]
            part[key.removeprefix("lb_")] = value
        return str(write(self.folder / "plan.yaml", content))


def write(path: Path, content: object) -> Path:
    """Write YAML."""
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def closed_port() -> int:
    """Give a port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def secretive(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put canaries where credentials are looked for, and nothing of this machine's own."""
    for name in [name for name in os.environ if name.startswith(("TENCENTCLOUD_", "KUBE", "MIGRATOR_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("TENCENTCLOUD_SECRET_ID", "canary-of-the-secret-id")
    monkeypatch.setenv("TENCENTCLOUD_SECRET_KEY", SECRET)
