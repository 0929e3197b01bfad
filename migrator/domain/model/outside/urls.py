"""What a URL says of the way that leads to it."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_open(url: str) -> bool:
    """Say whether a URL is plain HTTP to another machine than this one."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not _here(parts.hostname or "")


def _here(host: str) -> bool:
    """Say whether a host is this machine; a name that only begins like its address (`127.0.0.1.example`) is not."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
