"""What a demonstration tells while it goes on is in the order in which it happened."""

from migrator.lab.demo.tale import HEARD_WITHIN, Tale

SENT = "9 requests sent"


def test_a_step_that_is_heard_of_late_is_told_before_the_share_that_followed_it() -> None:
    told: list[str] = []
    now = 100.0
    tale = Tale(told.append, 100.0, clock=lambda: now)
    tale.add(103.0, "new side at 10 %")
    now = 103.0
    tale.tell()
    tale.add(102.0, "Shift 10 %")

    assert told == []

    now = 103.0 + HEARD_WITHIN
    tale.tell()

    assert told == ["   2.0 s  Shift 10 %", "   3.0 s  new side at 10 %"]


def test_counts_are_told_once_and_the_end_waits_for_nothing() -> None:
    told: list[str] = []
    tale = Tale(told.append, 100.0, clock=lambda: 100.0)
    for at, counts in ((101.0, SENT), (101.2, SENT), (101.3, ""), (102.0, "12 requests sent")):
        tale.add(at, "at", counts)
    tale.end()

    assert told == [
        "   1.0 s  at; 9 requests sent",
        "   1.2 s  at",
        "   1.3 s  at",
        "   2.0 s  at; 12 requests sent",
    ]
