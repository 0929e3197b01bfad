"""The pages in a real browser, and the command that serves them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from http import HTTPStatus
from pathlib import Path

import pytest

from migrator.cli.serving.server import Answer
from migrator.cli.serving.site import Site
from tests.cli.serving.world import live, served

CHROMIUM = shutil.which("chromium") or ""
browser = pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed (Debian: chromium)")


def seen(folder: Path, url: str) -> tuple[str, str]:
    """Give the page as the browser has it, and what it complained of."""
    words = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0"]
    profile = f"--user-data-dir={folder / 'profile'}"
    done = subprocess.run([*words, profile, "--dump-dom", url], capture_output=True, text=True, timeout=90)
    complaints = [line for line in done.stderr.splitlines() if "CONSOLE" in line or "Refused" in line]
    return done.stdout, "\n".join(complaints)


@browser
@pytest.mark.slow
def test_a_browser_shows_the_page_with_its_styles_and_runs_nothing_of_others(tmp_path: Path) -> None:
    with served(Site(str(live(tmp_path)))) as server:
        page, complaints = seen(tmp_path, f"{server.url}runs/1?still")

    assert "<h2>Interruptions</h2>" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert complaints == ""


@browser
@pytest.mark.slow
def test_a_browser_would_complain_of_a_style_that_the_policy_does_not_know(tmp_path: Path) -> None:
    """The test above would be worth nothing if complaints could not be seen."""
    site = Site(str(live(tmp_path)))

    def spoiled(path: str) -> Answer:
        good = site(path)
        return Answer(HTTPStatus.OK, good.body.replace(b"<style>", b"<style> "), good.content_type, good.headers)

    with served(spoiled) as server:
        _, complaints = seen(tmp_path, f"{server.url}runs/1?still")

    assert "style" in complaints


@pytest.mark.slow
def test_the_command_serves_until_it_is_told_to_end(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "migrator", "serve", "--listen", "127.0.0.1:0", "--store", str(live(tmp_path))]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "200"})
    try:
        assert process.stdout is not None
        (url,) = re.findall(r"http://\S+", process.stdout.readline())
        with urllib.request.urlopen(url.rstrip("."), timeout=30) as answer:
            page = answer.read().decode()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate(timeout=10)

    assert "/runs/1" in page
