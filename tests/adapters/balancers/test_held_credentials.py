"""What a driver says of its credentials: their end, and whether they are renewed; nobody is asked for it."""

from __future__ import annotations

from datetime import UTC, datetime
from math import inf

import pytest

from migrator.adapters.balancers.access.credentials import Chain, Credentials, unix_time
from migrator.adapters.balancers.access.holding import login_of
from migrator.adapters.balancers.access.temporary import temporary
from migrator.adapters.balancers.aws.access.credentials import environment
from migrator.domain.messages.message import say
from migrator.domain.observation.logins import Login

END = "2099-01-02T03:04:05Z"
AT = datetime(2099, 1, 2, 3, 4, 5, tzinfo=UTC)
CLOUD = say("login.cloud", api="CLB")


@pytest.mark.parametrize(
    ("held", "login"),
    [
        pytest.param(Credentials("id", "key"), Login(CLOUD, True, temporary=False), id="a key"),
        pytest.param(Credentials("id", "key", "token"), Login(CLOUD, True), id="a token without an end"),
        pytest.param(
            Credentials("id", "key", "token", AT.timestamp()), Login(CLOUD, True, AT), id="a token with its end"
        ),
        pytest.param(
            temporary({"AccessKeyId": "i", "S": "s", "T": "t", "Expiration": END}, "S", "T", say("eye.balancer")),
            Login(CLOUD, True, AT, renewed=True),
            id="a role's",
        ),
    ],
)
def test_a_chain_says_how_long_what_it_holds_lasts(held: Credentials, login: Login) -> None:
    chain = Chain(lambda: held)
    before = login_of("CLB", chain)
    chain()

    assert before is None
    assert login_of("CLB", chain) == login


def test_who_is_no_chain_says_nothing() -> None:
    assert login_of("CLB", lambda: Credentials("id", "key")) is None


def test_the_environment_may_say_when_a_session_ends() -> None:
    given = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key", "AWS_SESSION_TOKEN": "t"}
    found = environment({**given, "AWS_CREDENTIAL_EXPIRATION": END})

    assert found is not None
    assert (found.ends, found.renewed) == (AT.timestamp(), False)
    assert unix_time("2099-01-02T03:04:05") == AT.timestamp()
    assert unix_time("soon") == inf
