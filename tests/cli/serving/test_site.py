"""The pages over real HTTP: the same facts as on the terminal, escaped, under a policy that runs nothing, and read only."""

from __future__ import annotations

import re
import socket
from http import HTTPStatus
from pathlib import Path

import pytest

from migrator.cli.serving.server import MOST, Answer, plain
from migrator.cli.serving.site import Site
from migrator.cli.views.page import html
from tests.cli.serving.test_guard import GOOD
from tests.cli.serving.world import HOSTILE, get, live, served
from tests.cli.test_page import Reader
from tests.golden.saved import FROM_THE_LAB


def test_the_runs_lead_to_their_pages(tmp_path: Path) -> None:
    with served(Site(str(FROM_THE_LAB.put(tmp_path)))) as server:
        runs = get(server, "/")
        links = [attrs["href"] for tag, attrs in Reader(runs.body).tags if tag == "a" and "/runs/" in attrs["href"]]
        pages = [get(server, link) for link in links]

    assert runs.status == 200
    assert f"/runs/{FROM_THE_LAB.run}" in links
    assert {page.status for page in pages} == {200}
    assert all("<h2>Steps</h2>" in page.body for page in pages)


def test_a_run_that_goes_on_shows_where_it_stands_and_what_to_type(tmp_path: Path) -> None:
    with served(Site(str(live(tmp_path)))) as server:
        page, still = get(server, "/runs/1"), get(server, "/runs/1?still")

    assert "migrator rollback 1" in page.body
    assert 'class="loud"' in page.body
    assert '<meta http-equiv="refresh"' in page.body
    assert '<meta http-equiv="refresh"' not in still.body
    assert "Stop refreshing" in page.body


def test_texts_of_others_make_no_markup(tmp_path: Path) -> None:
    with served(Site(str(live(tmp_path)))) as server:
        page = get(server, "/runs/1").body

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert {tag for tag, _ in Reader(page).tags} & {"script", "img", "iframe", "object", "link", "form"} == set()
    assert not [sign for sign in HOSTILE if sign in "\x1b\u202e" and sign in page]
    assert not [attrs for _, attrs in Reader(page).tags if any(name.startswith(("on", "style")) for name in attrs)]


def test_every_answer_has_the_strict_headers(tmp_path: Path) -> None:
    with served(Site(str(live(tmp_path)))) as server:
        answers = [get(server, path) for path in ("/", "/runs/1", "/runs/9", "/no", "/../../etc/passwd")]
        answers.append(get(server, "/", "POST"))

    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Python" not in answer.headers["Server"]
    assert [answer.status for answer in answers] == [200, 200, 404, 404, 404, 501]


def test_the_policy_allows_the_styles_that_are_in_the_page_and_no_other(tmp_path: Path) -> None:
    import base64
    import hashlib

    with served(Site(str(live(tmp_path)))) as server:
        page = get(server, "/runs/1")

    (style,) = re.findall(r"<style>(.*?)</style>", page.body, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page.headers["Content-Security-Policy"]
    assert html.policy() == f"'sha256-{digest}'"


@pytest.mark.parametrize("path", ["/runs/", "/runs/x", "/runs/1/", "/runs/-1", "/runs/٣", "/runs/" + "9" * 30, "/runs"])
def test_what_is_no_page_is_not_found(tmp_path: Path, path: str) -> None:
    from urllib.parse import quote

    with served(Site(str(live(tmp_path)))) as server:
        assert get(server, quote(path)).status == 404


def test_without_a_store_that_is_told_and_the_server_goes_on(tmp_path: Path) -> None:
    with served(Site(str(tmp_path / "none.db"))) as server:
        assert get(server, "/").status == 404
        live(tmp_path).rename(tmp_path / "none.db")
        site = Site(str(tmp_path / "none.db"))
        server.respond = site
        assert get(server, "/").status == 200


def test_reading_changes_nothing(tmp_path: Path) -> None:
    file = live(tmp_path)
    before = file.read_bytes()
    with served(Site(str(file))) as server:
        get(server, "/")
        get(server, "/runs/1")

    assert file.read_bytes() == before


def test_another_name_than_this_machine_is_not_answered_on_loopback(tmp_path: Path) -> None:
    with served(lambda _: plain(HTTPStatus.OK, "here")) as server:
        assert get(server, "/", Host="evil.example").status == 421
        assert get(server, "/", Host="localhost:1").status == 200


def test_with_a_token_nobody_else_is_answered() -> None:
    with served(lambda _: plain(HTTPStatus.OK, "here"), GOOD) as server:
        refused = get(server, "/")
        assert (refused.status, "here" in refused.body) == (401, False)
        assert refused.headers["WWW-Authenticate"].startswith("Basic")
        assert get(server, "/", Authorization=f"Bearer {GOOD}", Host="any.example").status == 200


def test_a_page_that_cannot_be_made_says_nothing_of_why() -> None:
    def broken(_: str) -> Answer:
        raise RuntimeError("a secret")

    with served(broken) as server:
        answer = get(server, "/")

    assert (answer.status, "secret" in answer.body) == (500, False)


def test_who_says_nothing_keeps_nobody_else_from_being_answered() -> None:
    with served(lambda _: plain(HTTPStatus.OK)) as server:
        silent = [socket.create_connection(("127.0.0.1", server.server_port)) for _ in range(MOST - 2)]
        try:
            assert get(server, "/").status == 200
        finally:
            for each in silent:
                each.close()


def test_more_than_it_can_serve_are_closed_at_once() -> None:
    with served(lambda _: plain(HTTPStatus.OK)) as server:
        many = [socket.create_connection(("127.0.0.1", server.server_port)) for _ in range(MOST + 1)]
        try:
            many[-1].settimeout(10)
            assert many[-1].recv(1) == b""
        finally:
            for each in many:
                each.close()


def test_what_is_no_http_is_refused_without_a_word_of_it() -> None:
    with (
        served(lambda _: plain(HTTPStatus.OK)) as server,
        socket.create_connection(("127.0.0.1", server.server_port), 10) as client,
    ):
        client.sendall(b"GET <script> HTTP/9.9 x\r\n\r\n")
        answer = client.recv(4096)

    assert b"<script>" not in answer
