"""The quick start, typed as it stands: a lab, a plan, a run, its report, and the lab's end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MARKED = re.compile(r"<!-- run: lab -->\n```\n(.*?)```", re.DOTALL)

pytestmark = [pytest.mark.lab, pytest.mark.matrix, pytest.mark.timeout(500)]


def script() -> str:
    """Give the commands of the page that need only the lab. This checkout is installed already."""
    blocks: list[str] = MARKED.findall((ROOT / "docs" / "quick-start.md").read_text(encoding="utf-8"))
    lines = [line for block in blocks for line in block.splitlines() if not line.startswith("make install")]
    assert [line.split("  ")[0].strip() for line in lines if line.startswith("migrator run")] == ["migrator run"]
    return "\n".join(lines)


def test_the_quick_start_can_be_typed_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "plans").symlink_to(ROOT / "plans")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environ = {**os.environ, "PATH": path, "MIGRATOR_STORE": str(tmp_path / "migrator.db")}
    bash = ["bash", "-e", "-o", "pipefail", "-c", script()]
    try:
        done = subprocess.run(bash, cwd=tmp_path, env=environ, input="y\n", capture_output=True, text=True, timeout=450)
    finally:
        subprocess.run(["bash", "-c", "migrator lab down"], cwd=tmp_path, env=environ, capture_output=True, timeout=60)

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "completed" in done.stdout
    assert re.search(r"\b0 lost", done.stdout), done.stdout[-3000:]
