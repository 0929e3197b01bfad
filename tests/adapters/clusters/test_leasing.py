"""The Leases of a run in two clusters: a run that begins has both or none, one that goes on gives none back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from migrator.adapters.clusters.leasing import Leases
from migrator.domain.messages.errors import LeaseHeld, MigratorError, Unreachable
from migrator.domain.messages.message import verbatim


class Lease:
    """A Lease of one cluster; `fails` is what it raises."""

    def __init__(self) -> None:
        self.holder = ""
        self.fails: MigratorError | None = None
        self.calls: list[str] = []

    def acquire(self, holder: str, seconds: int, over: Callable[[str], bool] | None = None, anew: bool = True) -> None:
        self.calls.append("acquire")
        if self.fails:
            raise self.fails
        self.holder = holder

    def release(self, holder: str) -> None:
        self.calls.append("release")
        if self.fails:
            raise self.fails
        self.holder = ""


SILENT = Unreachable(verbatim("silent"))
HELD = LeaseHeld(verbatim("held"))


def nobody(_holder: str) -> bool:
    return False


@pytest.fixture
def two() -> tuple[Lease, Lease]:
    return Lease(), Lease()


def test_a_run_that_begins_takes_both_in_order(two: tuple[Lease, Lease]) -> None:
    Leases(two).acquire("me", 30, nobody)

    assert [lease.holder for lease in two] == ["me", "me"]


@pytest.mark.parametrize("error", [SILENT, HELD], ids=["silent", "somebody else's"])
def test_a_run_that_begins_gives_back_the_first_where_the_second_is_not_to_be_had(
    two: tuple[Lease, Lease], error: MigratorError
) -> None:
    two[1].fails = error
    with pytest.raises(type(error)):
        Leases(two).acquire("me", 30, nobody)

    assert two[0].holder == ""
    assert two[0].calls == ["acquire", "release"]


def test_a_run_that_goes_on_keeps_what_it_has_while_the_other_cluster_is_silent(two: tuple[Lease, Lease]) -> None:
    two[0].fails = SILENT
    with pytest.raises(Unreachable):
        Leases(two).acquire("me", 30)

    assert two[1].holder == "me"
    assert [lease.calls for lease in two] == [["acquire"], ["acquire"]]


def test_a_renewal_gives_nothing_back_and_tells_first_that_somebody_else_has_one(two: tuple[Lease, Lease]) -> None:
    leases = Leases(two)
    leases.acquire("me", 30, nobody)
    two[0].fails, two[1].fails = SILENT, HELD
    with pytest.raises(LeaseHeld):
        leases.acquire("me", 30, nobody)

    assert "release" not in two[0].calls


def test_both_are_given_back_and_a_silent_one_keeps_the_other_from_nothing(two: tuple[Lease, Lease]) -> None:
    leases = Leases(two)
    leases.acquire("me", 30, nobody)
    two[0].fails = SILENT
    with pytest.raises(Unreachable):
        leases.release("me")

    assert two[1].holder == ""


@pytest.mark.parametrize("error", [SILENT, HELD], ids=["silent", "somebody else's"])
def test_a_guard_has_the_homes_lease_whatever_becomes_of_the_other(
    two: tuple[Lease, Lease], error: MigratorError
) -> None:
    other, home = two
    other.fails = error
    lease = Leases(two, home).home_first
    lease.acquire("guard", 30, nobody)
    assert (home.holder, other.holder) == ("guard", "")

    lease.release("guard")

    assert home.holder == ""
    assert other.calls == ["acquire", "release"]


def test_a_guard_takes_the_others_lease_along_and_gives_both_back(two: tuple[Lease, Lease]) -> None:
    lease = Leases(two).home_first
    lease.acquire("guard", 30)
    assert [each.holder for each in two] == ["guard", "guard"]

    lease.release("guard")

    assert [each.holder for each in two] == ["", ""]


@pytest.mark.parametrize("error", [SILENT, HELD], ids=["silent", "somebody else's"])
def test_without_the_homes_lease_a_guard_has_none(two: tuple[Lease, Lease], error: MigratorError) -> None:
    home, other = two
    home.fails = error

    with pytest.raises(type(error)):
        Leases(two, home).home_first.acquire("guard", 30)

    assert other.calls == []
