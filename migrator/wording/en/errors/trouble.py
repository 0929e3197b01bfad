"""English: what an error of the network, of TLS or of a file comes to; what the library said stands behind it."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "trouble": "{kind}[ [[{raw}]]]",
    "trouble.refused": "nobody accepts the connection",
    "trouble.reset": "the connection was broken off",
    "trouble.closed": "the connection was closed without a whole answer",
    "trouble.late": "no answer in time",
    "trouble.no-route": "no route leads there",
    "trouble.no-address": "this machine knows no address of that name",
    "trouble.in-use": "the port is in use already",
    "trouble.not-here": "this machine does not have that address",
    "trouble.forbidden": "this user may not do that",
    "trouble.not-there": "there is no such file or program",
    "trouble.directory": "it is a directory",
    "trouble.full": "the disk is full",
    "trouble.read-only": "its file system is read-only",
    "trouble.disk": "the disk could not read or write it",
    "trouble.too-large": "it is too large",
    "trouble.busy": "another process holds it",
    "trouble.too-many-open": "too many files and connections are open",
    "trouble.no-program": "it is no program",
    "trouble.no-tls": "what answers there speaks no TLS",
    "trouble.tls": "the TLS connection failed",
    "trouble.certificate": "the certificate is not trusted",
    "trouble.certificate-early": "the certificate is not valid yet",
    "trouble.certificate-expired": "the certificate has expired",
    "trouble.certificate-self-signed": "the certificate is signed by nobody that this machine trusts",
    "trouble.certificate-unknown": "the certificate is from an authority that this machine does not know",
    "trouble.certificate-revoked": "the certificate has been revoked",
    "trouble.certificate-other-host": "the certificate is for another host",
}
