"""How Prometheus is asked where it wants to know who asks: places of secrets, never the secrets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret is found whenever it is needed: an environment variable, or a file that may be replaced."""

    env: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class SigningSpec:
    """Requests are signed by Signature Version 4 (SigV4), with the credentials that the cloud's own tools would find."""

    region: str
    service: str = "aps"


@dataclass(frozen=True, slots=True)
class AccessSpec:
    """How a Prometheus is asked. `basic` has `user:password`, `headers` are (name, where the value is); the rest are files."""

    bearer: SecretRef | None = None
    basic: SecretRef | None = None
    signing: SigningSpec | None = None
    headers: tuple[tuple[str, SecretRef], ...] = ()
    ca: str = ""
    certificate: str = ""
    key: str = ""

    @property
    def secrets(self) -> tuple[SecretRef, ...]:
        """Give the places of all that a request brings as text."""
        found = (self.bearer, self.basic, *(ref for _, ref in self.headers))
        return tuple(ref for ref in found if ref is not None)

    @property
    def files(self) -> tuple[str, ...]:
        """Give the files of TLS."""
        return tuple(path for path in (self.ca, self.certificate, self.key) if path)
