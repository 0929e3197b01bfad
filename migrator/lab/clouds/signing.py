"""What the signatures of all clouds have in common. It verifies nothing: each cloud has its own rules and refusals."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signed:
    """What was signed. `headers` have lower-case names."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


def canonical(request: Signed, query: str, names: Sequence[str]) -> str:
    """Return the request as it is signed: with the headers `names`, and `query` in the cloud's own spelling."""
    headers = "".join(f"{name}:{request.headers.get(name, '').strip()}\n" for name in names)
    return f"{request.method}\n{request.path}\n{query}\n{headers}\n{';'.join(names)}\n{hashed(request.body)}"


def hashed(data: str | bytes) -> str:
    """Return the SHA-256 of a text or of bytes, in hex."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def derived(secret: str, parts: Iterable[str]) -> bytes:
    """Return the key that is made of a secret by signing one part of a scope after the other."""
    key = secret.encode()
    for part in parts:
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def mac(key: bytes, text: str) -> str:
    """Return the HMAC-SHA-256 of a text, in hex."""
    return hmac.digest(key, text.encode(), "sha256").hex()
