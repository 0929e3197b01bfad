"""The lab's own certificates hold for their addresses, also for a client that checks them as strictly as RFC 5280."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from migrator.lab.certificates import make, self_signed, serving


def handshake(server: ssl.SSLContext, authority: bytes, host: str) -> None:
    """Carry a handshake out in memory."""
    client = ssl.create_default_context(cadata=authority.decode())
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(back, there, server_hostname=host)
    theirs = server.wrap_bio(there, back, server_side=True)
    done: set[int] = set()
    for _ in range(10):
        for end in (ours, theirs):
            try:
                end.do_handshake()
                done.add(id(end))
            except ssl.SSLWantReadError:
                pass
        if len(done) == 2:
            return
    raise AssertionError("no end of the handshake")


def test_a_part_that_signs_for_itself_is_trusted_by_whoever_holds_its_certificate() -> None:
    certificate, key = self_signed("kube-apiserver", "127.19.0.1")

    handshake(serving(certificate, key), certificate, "127.19.0.1")
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(serving(certificate, key), certificate, "127.19.0.2")


def test_a_certificate_of_the_labs_authority_is_trusted_by_whoever_holds_the_authority(tmp_path: Path) -> None:
    make(tmp_path, "127.0.0.1", ("server", "client"))
    server = serving((tmp_path / "server.pem").read_bytes(), (tmp_path / "server.key").read_bytes())

    handshake(server, (tmp_path / "ca.pem").read_bytes(), "127.0.0.1")
    assert (tmp_path / "client.key").stat().st_mode & 0o077 == 0
