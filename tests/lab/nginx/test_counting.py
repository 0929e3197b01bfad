"""An nginx's answers are counted from its log, and read by the production reader as ingress-nginx's own."""

import subprocess
from pathlib import Path

import pytest

from migrator.adapters.gateways.nginx_counters import counted_by_nginx, pod_of, started
from migrator.lab.nginx import config, program
from migrator.lab.nginx.counting import Answers

STATUS = "Active connections: 3 \nserver accepts handled requests\n 12 12 40 \nReading: 0 Writing: 1 Waiting: 2 \n"
NEEDS_NGINX = pytest.mark.skipif(bool(program.missing()), reason=program.missing() or "it is there")


def test_what_nginx_logs_is_what_the_production_reader_counts() -> None:
    answers = Answers("ns", "pod-1", 1000.5)
    for status in ("200", "200", "404", "503", "499"):
        answers.take(f"<190>Dec  1 01:00:00 nginx: GET {status} 0.7".encode())
    answers.take(b"<190>Dec  1 01:00:00 nginx: something else")
    page = answers.metrics(STATUS)
    found = counted_by_nginx(page)

    assert (found.requests, found.bad, found.classes.client) == (4, 1, 1)
    assert (found.connections, found.accepted) == (2, None)
    assert [counted_by_nginx(page, over).slow for over in (0.5, 1.0)] == [4, 0]
    assert (pod_of(page), started(page)) == ("pod-1", "1000.500")


def test_connections_of_an_nginx_that_does_not_answer_are_unknown() -> None:
    found = counted_by_nginx(Answers("ns", "pod-1", 1.0).metrics(""))

    assert (found.requests, found.connections, found.accepted) == (0, None, None)


@NEEDS_NGINX
def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "nginx.conf"
    path.write_text(config.text(tmp_path, "127.0.0.1", 18099, "127.0.0.1:18098"))
    done = subprocess.run(
        [program.path() or "", "-t", "-c", str(path), "-p", str(tmp_path)], capture_output=True, timeout=20, check=False
    )

    assert done.returncode == 0, done.stderr.decode()
