"""What came back to one question, cut into the parts that are compared. It holds digests and names, no body and no secret."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from migrator.domain.model.answers import Concern

Part: TypeAlias = tuple[Concern, str]
"""A part of an answer; the name is a header's, and "" for every other part."""

OF_A_CONNECTION = frozenset({"connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"})
"""Headers that speak of one connection alone (RFC 9110, 7.6.1), and so are never compared: a gateway that was told to go says
`connection: close`."""

TOO_MANY = 429
SWITCHED = 101
SERVER_ERROR = 500


class Failure(StrEnum):
    """Why there is no answer. NOWHERE: nothing of the side leads to that listener, so nobody was asked."""

    REFUSED = "refused"
    TIMEOUT = "timeout"
    CLOSED = "closed"
    TLS = "tls"
    NO_HTTP = "no-http"
    NOWHERE = "nowhere"
    NO_SECRET = "no-secret"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, or its failure. `status` 0 is no answer; `headers` are the chosen ones that were there.

    `redirect` is the target without the values of its query; `certificate` and `body` are digests ("": none, or not read);
    `protocol` is what was spoken; `grpc` the `grpc-status`. `inside`: it came through the API server. `seconds` is how long it
    took, `counted` whether the gateway may have counted it as a request.
    """

    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    redirect: str = ""
    certificate: str = ""
    body: str = ""
    protocol: str = ""
    grpc: str = ""
    failure: Failure | None = None
    inside: bool = False
    seconds: float = 0.0
    counted: bool = True

    @property
    def answered(self) -> bool:
        """Say whether anything came back."""
        return self.failure is None

    @property
    def proves(self) -> bool:
        """Say whether a backend of the site stands behind it: neither 4xx nor 5xx, no redirect, no failure.

        The answer to a gRPC method that nobody has proves nothing: gateways without a route give the same (12, unimplemented).
        """
        return self.answered and not self.grpc and (200 <= self.status < 300 or self.status == SWITCHED)

    @property
    def refuses(self) -> bool:
        """Say whether it is an answer to who asks, and not to what was asked."""
        return self.status in (401, 403)

    @property
    def serves(self) -> bool:
        """Say whether a gateway that works may have said it: anything but a 5xx and silence."""
        return self.answered and self.status < SERVER_ERROR

    @property
    def is_redirect(self) -> bool:
        """Say whether it sends the client elsewhere."""
        return 300 <= self.status < 400

    def parts(self, compare: Iterable[Concern], headers: Iterable[str]) -> dict[Part, str]:
        """Give the value of every part that is to be compared and that this answer has. An absent header is a value: ""."""
        wanted = frozenset(compare)
        found: dict[Part, str] = {(Concern.STATUS, ""): self._status()}
        if self.certificate:
            found[Concern.CERTIFICATE, ""] = self.certificate
        if self.answered:
            found[Concern.REDIRECT, ""] = self.redirect
            found[Concern.BODY, ""] = self.body
            found[Concern.PROTOCOL, ""] = self.protocol
            given = dict(self.headers)
            found |= {(Concern.HEADERS, name): given.get(name, "") for name in headers if name not in OF_A_CONNECTION}
        return {part: value for part, value in found.items() if part[0] in wanted}

    def _status(self) -> str:
        if self.failure is not None:
            return self.failure.value
        return f"{self.status} grpc {self.grpc}" if self.grpc else f"{self.status}"
