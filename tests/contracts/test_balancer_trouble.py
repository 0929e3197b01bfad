"""The contract of the balancer ports, second part: ops that outlive a process, every kind of trouble, findings."""

from __future__ import annotations

import logging

import pytest

from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.findings import Severity
from migrator.domain.model.actions import Op, OpState, Register, SetWeights
from migrator.domain.model.balancer import Weighted
from migrator.store.codec.codec import decode, encode
from tests.contracts.balancer import Can, Rig, batches, finished, needs, registered, until, weights
from tests.words import text

# --- ops ----------------------------------------------------------------------------------------------------------


@needs(Can.ALONE)
def test_an_op_survives_the_store_and_another_process_polls_it(rig: Rig) -> None:
    op = rig.driver().set_weights(SetWeights((Weighted(rig.standing[0], 3),)))
    kept = decode(encode(op), Op)

    assert kept == op
    assert finished(rig.driver(), kept) is OpState.DONE
    rig.rest()  # a vendor that answers on acceptance may show it a moment later
    assert weights(rig.driver())[rig.standing[0]] == 3


def test_an_op_nobody_knows_is_lost_and_one_without_an_id_was_done_at_once(rig: Rig) -> None:
    driver = rig.driver()

    assert driver.poll(Op("", "00000000-0000-0000-0000-000000000000")) is OpState.LOST
    assert driver.poll(Op("")) is OpState.DONE


@needs(Can.JOBS)
def test_a_job_that_fails_says_so_and_changed_nothing(rig: Rig) -> None:
    driver = rig.driver()
    rig.trouble(Can.JOBS)
    op = driver.set_weights(SetWeights((Weighted(rig.standing[0], 3),)))

    assert finished(driver, op) is OpState.FAILED
    assert weights(driver) == dict.fromkeys(rig.standing, 10)


# --- trouble ------------------------------------------------------------------------------------------------------


@needs(Can.DROPPED, Can.ALONE)
def test_an_answer_lost_after_the_effect_is_perhaps_done_and_a_later_look_sees_it(rig: Rig) -> None:
    driver = rig.driver()
    rig.trouble(Can.DROPPED)

    with pytest.raises(Unreachable) as lost:
        driver.set_weights(SetWeights((Weighted(rig.standing[0], 3),)))

    assert lost.value.retry_after is None
    assert len(rig.sent()) == 1  # it was not sent again behind the turn's back
    rig.calm()
    until(lambda: weights(rig.driver())[rig.standing[0]] == 3)


@pytest.mark.parametrize("which", [Can.THROTTLED, Can.BUSY])
def test_not_now_says_when_to_ask_again_and_nothing_was_done(rig: Rig, which: Can) -> None:
    driver = rig.driver()
    rig.trouble(which)

    for write in (
        lambda: driver.set_weights(SetWeights((Weighted(rig.standing[0], 3),))),
        lambda: driver.register(Register(batches(driver, rig.spare)[0])),
    ):
        with pytest.raises(Unreachable) as later:
            write()
        assert later.value.retry_after is not None
        assert later.value.retry_after > 0

    rig.calm()
    rig.rest()
    assert weights(driver) == dict.fromkeys(rig.standing, 10)


@needs(Can.PARTIAL)
def test_a_registration_done_in_part_is_not_called_done_and_can_be_completed(rig: Rig) -> None:
    driver = rig.driver()
    rig.trouble(Can.PARTIAL)

    with pytest.raises(Unreachable) as partly:
        finished(driver, driver.register(Register(rig.spare)))

    assert partly.value.retry_after is None
    rig.calm()
    rig.rest()
    part = set(weights(driver)) - set(rig.standing)
    assert set() < part < set(rig.spare)
    registered(rig, driver, rig.spare)
    assert weights(driver) == dict.fromkeys(rig.standing, 10) | dict.fromkeys(rig.spare, 0)


@needs(Can.KEYS)
def test_wrong_credentials_are_refused_and_shown_nowhere(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    driver, secret = rig.stranger()
    said = [repr(driver), str(driver)]
    with caplog.at_level(logging.DEBUG):
        for call in (driver.targets, lambda: driver.register(Register(rig.spare))):
            with pytest.raises(Refused) as no:
                call()
            said += _everything(no.value)

    assert secret not in "\n".join([*said, caplog.text])
    assert rig.sent() == []


def _everything(error: BaseException) -> list[str]:
    """Give every word of an error and of those behind it."""
    chain: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        chain += [str(seen), repr(seen)]
        seen = seen.__cause__ or seen.__context__
    return chain


@needs(Can.NAMED)
def test_a_balancer_that_is_not_there_is_refused(rig: Rig) -> None:
    driver = rig.nobody()

    with pytest.raises(Refused):
        driver.targets()
    with pytest.raises(Refused):
        driver.set_weights(SetWeights((Weighted(rig.standing[0], 3),)))


# --- findings -----------------------------------------------------------------------------------------------------


def test_a_balancer_in_order_has_no_blocking_finding(rig: Rig) -> None:
    assert [finding for finding in rig.driver().findings() if finding.severity is Severity.BLOCK] == []


def test_what_defeats_weights_or_cuts_connections_is_found_before_a_run(rig: Rig) -> None:
    for code, spoil in rig.spoiled().items():
        with spoil() as driver:
            found = {finding.code: finding for finding in driver.findings()}

            assert code in found, f"{code} is missing among {sorted(found)}"
            assert text(found[code].problem)
            assert text(found[code].remedy)
