"""What a container beside a gateway asks over HTTP: the follower, for its yes or no, and the gateway, to let clients go."""

from __future__ import annotations

from migrator.adapters.bounded.causes import in_our_words
from migrator.domain.messages.errors import Unreachable
from migrator.domain.messages.message import say

SECONDS = 2.0
OFF, ON = 200, 409


def is_off(url: str, address: str) -> bool:
    """Ask whether the gateway at an address has no weight any more. Unreachable for silence, and for whoever does not know."""
    import httpx

    try:
        with httpx.Client(timeout=SECONDS, trust_env=False) as client:  # a proxy of ours would answer for the follower
            answer = client.get(f"{url.rstrip('/')}/off", params={"address": address})
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable(say("farewell.no-follower", error=in_our_words(error, type(error).__name__))) from error
    if answer.status_code not in (OFF, ON):
        raise Unreachable(say("farewell.follower-unsure", status=answer.status_code))
    return answer.status_code == OFF


def post(url: str) -> bool:
    """Ask by a POST without a body. Unreachable unless it succeeds."""
    import httpx

    try:
        with httpx.Client(timeout=SECONDS, trust_env=False) as client:
            answer = client.post(url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable(say("farewell.not-told", error=in_our_words(error, type(error).__name__))) from error
    if not answer.is_success:
        raise Unreachable(say("farewell.not-told", error=str(answer.status_code)))
    return True
