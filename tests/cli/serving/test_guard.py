"""Who may read what is served, and where it may listen."""

from __future__ import annotations

import base64

import pytest

from migrator.cli.serving.guard import has_token, is_loopback, names_us
from migrator.cli.serving.listening import TOKEN, address, token
from migrator.domain.messages.errors import UsageError

GOOD = "0123456789abcdef"


def basic(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


@pytest.mark.parametrize(
    ("header", "may"),
    [
        pytest.param(f"Bearer {GOOD}", True, id="bearer"),
        pytest.param(f"bearer {GOOD}", True, id="in small letters"),
        pytest.param(basic(f"anybody:{GOOD}"), True, id="a browser's password"),
        pytest.param(basic(f":{GOOD}"), True, id="without a name"),
        pytest.param(None, False, id="nothing"),
        pytest.param("", False, id="empty"),
        pytest.param(GOOD, False, id="no scheme"),
        pytest.param(f"Bearer {GOOD}x", False, id="longer"),
        pytest.param(f"Bearer {GOOD[:-1]}", False, id="shorter"),
        pytest.param("Bearer", False, id="no token"),
        pytest.param(basic(GOOD), False, id="a name without a password"),
        pytest.param("Basic ====", False, id="no base64"),
        pytest.param("Basic /////w==", False, id="no text"),
        pytest.param(f"Digest {GOOD}", False, id="another scheme"),
        pytest.param("Bearer \udcff", False, id="halves of characters"),
    ],
)
def test_only_the_token_opens(header: str | None, may: bool) -> None:
    assert has_token(header, GOOD) is may


@pytest.mark.parametrize(
    ("host", "is_us"),
    [
        pytest.param("127.0.0.1:8088", True, id="the address"),
        pytest.param("localhost:9999", True, id="through a tunnel with a port of its own"),
        pytest.param("LOCALHOST", True, id="without a port"),
        pytest.param("[::1]:8088", True, id="IPv6"),
        pytest.param("evil.example:8088", False, id="a site whose name was made to lead here"),
        pytest.param("localhost.evil.example", False, id="a name that begins so"),
        pytest.param("127.0.0.1.evil.example", False, id="a name that begins like an address"),
        pytest.param("", False, id="empty"),
        pytest.param(None, False, id="none"),
    ],
)
def test_on_loopback_only_a_request_that_names_this_machine_is_answered(host: str | None, is_us: bool) -> None:
    assert names_us(host, "127.0.0.1") is is_us


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "[::1]", "::1", "localhost"])
def test_loopback_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]", "10.0.0.1", "example.com", ""])
def test_what_others_reach_is_no_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_an_address_is_a_host_and_a_port() -> None:
    assert address("0.0.0.0:80", "--listen", 8088) == ("0.0.0.0", 80)
    assert address("[::1]:80", "--listen", 8088) == ("[::1]", 80)
    assert address("9000", "--listen", 8088) == ("127.0.0.1", 9000)


@pytest.mark.parametrize("given", ["", "x", "127.0.0.1", "1.2.3.4:", "1.2.3.4:99999", "::1:80", "1.2.3.4:-1"])
def test_no_address_is_refused(given: str) -> None:
    with pytest.raises(UsageError):
        address(given, "--listen", 8088)


def test_where_others_reach_a_token_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TOKEN, raising=False)
    assert token("127.0.0.1", is_open=False) == ""
    assert token("0.0.0.0", is_open=True) == ""
    with pytest.raises(UsageError):
        token("0.0.0.0", is_open=False)

    monkeypatch.setenv(TOKEN, "short")
    with pytest.raises(UsageError):
        token("127.0.0.1", is_open=False)

    monkeypatch.setenv(TOKEN, GOOD)
    assert token("0.0.0.0", is_open=False) == GOOD
