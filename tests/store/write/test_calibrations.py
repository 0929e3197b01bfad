"""Measurements are kept per balancer, and weights that were borrowed stay on record until they are given back."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from migrator.domain.balancers.calibration import Borrowed, Calibration, Timed, Way
from migrator.domain.model.balancer import Backend, Weighted
from migrator.store import Store
from tests.store.world import FakeClock

A = Backend("web", "192.0.2.1", 80)
LOAN = Borrowed((Weighted(A, 10),), 10)


def measured(by: str) -> Calibration:
    timed = (Timed(A, False, 0.1, 0.2, 0.6, 0.02),)
    return Calibration(FakeClock().now(), by, Way.OWN_LISTENER, "web", 50.0, 300, 0, timed)


def test_the_newest_measurement_of_a_balancer_is_given_back_whole(store: Store) -> None:
    for by in ("first", "second"):
        store.save_calibration("one", measured(by))

    assert store.calibration("one") == measured("second")
    assert store.calibration("another") is None


def test_a_loan_is_open_until_it_is_given_back(store: Store) -> None:
    loan = store.borrow("one", LOAN)
    while_open, elsewhere = store.borrowed("one"), store.borrowed("another")
    store.give_back("one", loan)

    assert while_open == (loan, LOAN)
    assert elsewhere is None
    assert store.borrowed("one") is None


@pytest.mark.parametrize("change", ["UPDATE calibrations SET body = '{}'", "DELETE FROM calibrations"])
def test_what_was_measured_is_never_changed(store: Store, change: str) -> None:
    store.save_calibration("one", measured("first"))

    with closing(sqlite3.connect(store.file)) as file, pytest.raises(sqlite3.IntegrityError, match="never changed"):
        file.execute(change)
