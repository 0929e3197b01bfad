"""Certificates of the lab's own, made when a part starts and gone with it. Nobody outside the lab trusts them.

A kubelet's is signed by itself, as a kubelet makes its own where nobody gives it one; an API server does not check it unless
it is told to (`--kubelet-certificate-authority`)."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a part that makes none starts without it
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

_LASTS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Signed:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> tuple[bytes, bytes]:
        """Both as PEM."""
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        form = (Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        return self.certificate.public_bytes(Encoding.PEM), self.key.private_bytes(*form)


def self_signed(name: str, *addresses: str) -> tuple[bytes, bytes]:
    """Return a new certificate for these addresses, which is its own authority, and its key; both PEM."""
    return _new(name, addresses, None).pem


def make(folder: Path, address: str, names: Sequence[str]) -> None:
    """Write ca.pem, and NAME.pem and NAME.key for each name, into `folder`; they hold for the IP `address`."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = _new("lab-ca", (), None)
    (folder / "ca.pem").write_bytes(authority.pem[0])
    for name in names:
        certificate, key = _new(name, (address,), authority).pem
        (folder / f"{name}.pem").write_bytes(certificate)
        (folder / f"{name}.key").touch(mode=0o600)
        (folder / f"{name}.key").write_bytes(key)


def serving(certificate: bytes, key: bytes) -> ssl.SSLContext:
    """Return what a server needs to serve TLS with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:  # load_cert_chain takes files only
        file = Path(folder) / "both.pem"
        file.touch(mode=0o600)
        file.write_bytes(certificate + key)
        context.load_cert_chain(file)
    return context


def unchecked() -> ssl.SSLContext:
    """Return what a client needs to speak TLS to somebody whose certificate it does not check, on loopback alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _new(name: str, addresses: Sequence[str], issuer: _Signed | None) -> _Signed:
    """Make a certificate; without an issuer it is its own authority."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    signer = issuer.key if issuer else key
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder(subject_name=who)
        .issuer_name(issuer.certificate.subject if issuer else who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + _LASTS)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(_usage(authority=issuer is None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if addresses:
        held = [x509.IPAddress(ip_address(each)) for each in addresses]
        builder = builder.add_extension(x509.SubjectAlternativeName(held), critical=False)
    return _Signed(builder.sign(signer, hashes.SHA256()), key)


def _usage(authority: bool) -> x509.KeyUsage:
    """Give what RFC 5280 wants of an authority and of a server; Python checks it from 3.13 on (VERIFY_X509_STRICT)."""
    from cryptography import x509

    allowed = {"digital_signature": True, "key_cert_sign": authority, "crl_sign": authority}
    names = (
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**allowed, **dict.fromkeys(names, False))
