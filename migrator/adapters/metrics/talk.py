"""One question to a Prometheus at a time, as whoever the plan says, within one deadline; every failure in our words."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, TypeVar

from migrator.adapters.bounded.causes import in_our_words
from migrator.adapters.bounded.deadline import Deadline, whole
from migrator.adapters.metrics.login import KeySource, Login
from migrator.domain.messages.errors import Denied, Refused, Unreachable
from migrator.domain.messages.message import say
from migrator.domain.model.outside.reading import parsed
from migrator.domain.model.spec import AccessSpec, PrometheusSpec

if TYPE_CHECKING:
    from prometheus_api_client import PrometheusConnect
    from requests import Response

T = TypeVar("T")

_SECONDS = 2.5  # four questions fit the ten seconds of a port
_LARGEST = 16 << 20
_NO_LONGER = (401, 403)


class Talk:
    """Asks; raises Unreachable, or Refused (a query it rejects; Denied: it does not accept who we are)."""

    def __init__(
        self, prometheus: PrometheusSpec, keys: KeySource | None, moment: Callable[[], float] | None = None
    ) -> None:
        """Give one; `moment` gives the Unix time that is asked about, in place of now."""
        self._url, access = prometheus.url, prometheus.access or AccessSpec()
        self._login = Login(access, keys)
        self._client = _client(prometheus.url, access, self._login)
        self._moment = moment
        self._held: tuple[tuple[int, int, int], ...] | None = None

    def ask(self, query: str, read: Callable[[object], T]) -> T:
        """Give what `read` makes of an answer's `data.result`; KeyError, TypeError or ValueError of it is no Prometheus."""
        with Deadline(_SECONDS) as deadline, self._in_our_words():
            if (now := self._login.certificates()) != self._held:
                self.close()  # connections are made anew with the files that are there now
                self._held = now
            about = None if self._moment is None else {"time": f"{self._moment():.3f}"}
            found = self._client.custom_query(query, about)
            deadline.check()
            return read(found)

    def close(self) -> None:
        """Close the connections that were kept."""
        self._client.close()

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        from urllib3.exceptions import HTTPError

        try:
            yield
        except (OSError, HTTPError) as error:  # what requests raises is an OSError
            if (reason := _of_tls(error)) is not None:
                raise Unreachable(say("prometheus.tls", url=self._url, reason=in_our_words(error, reason))) from error
            raise Unreachable(
                say("prometheus.no-answer", url=self._url, words=in_our_words(error, type(error).__name__))
            ) from error
        except (LookupError, TypeError, ValueError) as error:
            raise Unreachable(say("prometheus.no-prometheus", url=self._url)) from error


def _client(url: str, access: AccessSpec, login: Login) -> PrometheusConnect:
    from pathlib import Path

    from prometheus_api_client import PrometheusConnect
    from requests import Session
    from requests.adapters import HTTPAdapter
    from urllib3.util.retry import Retry

    from migrator.adapters.bounded.pools import watched

    session = Session()
    if access != AccessSpec():
        session.auth = login
    if access.ca:
        session.verify = str(Path(access.ca).expanduser())
    if access.certificate:
        session.cert = str(Path(access.certificate).expanduser()), str(Path(access.key).expanduser())
    session.hooks["response"] += [_require_small, _require_ok(login), _require_json]
    # its own defaults are no timeout at all and three retries: six seconds before a dead server is said to be dead
    client = PrometheusConnect(url.rstrip("/"), session=session, retry=Retry(0, redirect=0), timeout=_SECONDS)
    for adapter in session.adapters.values():
        if isinstance(adapter, HTTPAdapter):
            watched(adapter.poolmanager)
    return client


def _require_small(response: Response, *_args: object, **_kwargs: object) -> None:
    """Read an answer as far as one may be; the library would read it to its end, however far that is."""
    response.raw = BytesIO(whole(response.raw.stream(1 << 16, decode_content=True), _LARGEST, response.close))


def _require_ok(login: Login) -> Callable[..., None]:
    """Tell a rejected query from a server in trouble by the status, which the library keeps only in a text."""

    def require(response: Response, *_args: object, **_kwargs: object) -> None:
        status = response.status_code
        if status == 429 or status >= 500:
            raise Unreachable(say("prometheus.in-trouble", status=status))
        if response.is_redirect:
            raise Refused(say("prometheus.redirected", to=login.hidden(response.headers["location"])[:200]))
        if status in _NO_LONGER:
            raise Denied(say("prometheus.denied", status=status))
        if status != 200:
            raise Refused(say("prometheus.refused", status=status, words=login.hidden(response.text)[:200]))

    return require


def _require_json(response: Response, *_args: object, **_kwargs: object) -> None:
    """Refuse (ValueError) what the library's own reading would not survive: it knows no bounds. Unreachable: a web page."""
    if response.content[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        raise Unreachable(say("prometheus.web-page"))
    parsed(response.content)


def _of_tls(error: BaseException) -> str | None:
    """Give TLS' own name of what failed, wherever in the chain of libraries it is; None where TLS did not fail."""
    seen: BaseException | None = error
    for _ in range(10):
        if seen is None:
            return None
        if isinstance(seen, ssl.SSLError):
            return seen.reason or type(seen).__name__
        inner = next((arg for arg in seen.args if isinstance(arg, BaseException)), None)
        seen = inner or getattr(seen, "reason", None) or seen.__cause__ or seen.__context__
        seen = seen if isinstance(seen, BaseException) else None
    return None
