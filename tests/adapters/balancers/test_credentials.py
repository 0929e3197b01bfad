"""The chain of credential sources: first come, remembered to their end; nothing shows itself."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.adapters.balancers.access.credentials import Chain, Credentials
from migrator.adapters.balancers.aliyun.access.credentials import ABSENT as ALIYUN
from migrator.adapters.balancers.aws.access.credentials import ABSENT as AWS
from migrator.adapters.balancers.tencent.access.credentials import ABSENT as TENCENT
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import Message, verbatim
from tests.words import refused, text


def test_the_first_source_wins_and_is_asked_once() -> None:
    asked: list[str] = []

    def source(name: str, found: Credentials | None) -> Any:
        return lambda: asked.append(name) or found

    chain = Chain(source("empty", None), source("good", Credentials("i", "k")), source("late", Credentials("j", "l")))
    found = [chain().key for _ in range(3)]

    assert found == ["i"] * 3
    assert asked == ["empty", "good"]


def test_temporary_credentials_are_fetched_anew_five_minutes_before_their_end() -> None:
    now, made = [0.0], iter([Credentials("a", "k", "t", 1000.0), Credentials("b", "k", "t", 9000.0)])
    chain = Chain(lambda: None, lambda: next(made), now=lambda: now[0])
    seen = []
    for now[0] in (0.0, 699.0, 701.0):
        seen.append(chain().key)

    assert seen == ["a", "a", "b"]


def test_a_source_that_falls_silent_does_not_take_away_what_is_still_good() -> None:
    """Whatever is kept serves to its end: a metadata service that hangs must not stop a rollback."""
    now, given = [0.0], iter([Credentials("1", "s", "t", 1000.0), Unreachable(verbatim("silent")), None, None])

    def source() -> Credentials | None:
        if isinstance(found := next(given), Unreachable):
            raise found
        return found

    chain = Chain(source, now=lambda: now[0])
    chain()
    now[0] = 900.0

    assert [chain().key, chain().key] == ["1", "1"]
    now[0] = 1001.0
    with refused(Refused, "credentials.none"):
        chain()


def test_silence_is_said_where_nothing_is_kept() -> None:
    def silent() -> Credentials | None:
        raise Unreachable(verbatim("silent"))

    with pytest.raises(Unreachable, match="silent"):
        Chain(silent)()


def test_what_is_forgotten_is_fetched_anew() -> None:
    made = iter([Credentials("a", "k"), Credentials("b", "k")])
    chain = Chain(lambda: next(made))
    chain()

    chain.forget()

    assert chain().key == "b"


@pytest.mark.parametrize(
    ("absent", "variable"),
    [
        pytest.param(AWS, "AWS_ACCESS_KEY_ID", id="AWS"),
        pytest.param(ALIYUN, "ALIBABA_CLOUD_ACCESS_KEY_ID", id="Aliyun"),
        pytest.param(TENCENT, "TENCENTCLOUD_SECRET_ID", id="Tencent"),
    ],
)
def test_without_any_the_message_says_where_to_put_them(absent: Message, variable: str) -> None:
    with pytest.raises(Refused) as no:
        Chain(lambda: None, absent=absent)()

    assert no.value.message == absent
    assert variable in text(absent)


def test_credentials_show_nothing_of_themselves_and_hide_themselves_in_words() -> None:
    found = Credentials("the-id", "secret", "token")

    assert not any(word in repr(found) + str(found) for word in ("the-id", "secret", "token"))
    assert found.hidden("a secret b token c the-id") == "a (hidden) b (hidden) c (hidden)"
