"""The wire, with a clock that tests turn."""

from hypothesis import given
from hypothesis import strategies as st

from migrator.lab.dataplane.delay import DelayLine


class Clock:
    """Timers that fire when the test says so."""

    def __init__(self):
        self.now, self.timers = 0.0, []

    def time(self):
        return self.now

    def call_at(self, when, callback):
        self.timers.append((when, callback))

    def advance(self, to):
        while due := [timer for timer in self.timers if timer[0] <= to]:
            first = min(due, key=lambda timer: timer[0])
            self.timers.remove(first)
            self.now = max(self.now, first[0])
            first[1]()
        self.now = to


def test_without_delay_everything_passes_at_once():
    clock, seen = Clock(), []

    DelayLine(clock).put(seen.append, 1)

    assert seen == [1]
    assert clock.timers == []


def test_a_chunk_does_not_arrive_before_its_time():
    clock, seen = Clock(), []
    wire = DelayLine(clock, 0.1)

    wire.put(seen.append, 1)
    clock.advance(0.099)
    assert seen == []
    clock.advance(0.1)
    assert seen == [1]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=30))
def test_order_survives_every_change_of_the_delay(steps):
    clock, seen, now = Clock(), [], 0.0
    wire = DelayLine(clock)
    for at, (pause, delay) in enumerate(steps):
        now += pause
        clock.advance(now)
        wire.delay = delay
        wire.put(seen.append, at)
    clock.advance(now + 2.0)

    assert seen == list(range(len(steps)))


def test_a_chunk_that_a_delivery_puts_in_does_not_overtake():
    clock, seen = Clock(), []
    wire = DelayLine(clock, 0.1)

    def first(_):
        wire.delay = 0.0
        wire.put(seen.append, "third")
        seen.append("first")

    wire.put(first, None)
    wire.put(seen.append, "second")
    clock.advance(1.0)

    assert seen == ["first", "second", "third"]


def test_one_timer_serves_any_number_of_chunks():
    clock = Clock()
    wire = DelayLine(clock, 0.1)

    for at in range(1000):
        wire.put(lambda _: None, at)

    assert len(clock.timers) == 1


def test_a_failing_delivery_does_not_stop_the_wire():
    clock, seen = Clock(), []
    wire = DelayLine(clock, 0.1)
    wire.put(lambda _: 1 / 0, None)
    wire.put(seen.append, 1)

    for _ in range(2):
        try:
            clock.advance(1.0)
        except ZeroDivisionError:
            continue

    assert seen == [1]
