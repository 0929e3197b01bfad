"""Messages: what is inside them can be asked for, left out, and compared without its numbers."""

from __future__ import annotations

from migrator.domain.messages.message import Message, codes, say, shape, verbatim, without

INNER = say("pod.not-ready", pod="gw-1", seconds=3.5)
OUTER = say("ready.waiting", ready=2, wanted=5, whole=True, reasons=(INNER, "a text"), last=None)


def test_the_codes_of_a_message_are_its_own_and_those_of_the_messages_inside_it() -> None:
    assert list(codes(OUTER)) == ["ready.waiting", "pod.not-ready"]


def test_values_are_left_out_at_every_depth() -> None:
    found = without(OUTER, ("ready", "seconds"))

    assert found == say(
        "ready.waiting", wanted=5, whole=True, reasons=(say("pod.not-ready", pod="gw-1"), "a text"), last=None
    )


def test_two_messages_that_differ_in_numbers_alone_have_one_shape() -> None:
    later = say(
        "ready.waiting",
        ready=4,
        wanted=5,
        whole=True,
        reasons=(say("pod.not-ready", pod="gw-1", seconds=9.0), "a text"),
        last=None,
    )

    assert shape(OUTER) == shape(later)
    assert shape(OUTER) != shape(
        say("ready.waiting", ready=4, wanted=5, whole=False, reasons=(INNER, "a text"), last=None)
    )
    assert shape(OUTER) != shape(say("ready.waiting", ready=2, wanted=5, whole=True, reasons=(), last=None))


def test_a_message_shows_code_and_values_in_logs_and_gives_a_value_by_its_name() -> None:
    assert (
        str(OUTER)
        == "ready.waiting ready=2 wanted=5 whole=True reasons=[(pod.not-ready pod=gw-1 seconds=3.5), a text] last=None"
    )
    assert OUTER["wanted"] == 5
    assert verbatim("as it was") == Message("stored.text", (("text", "as it was"),))
