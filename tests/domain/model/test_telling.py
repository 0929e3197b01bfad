"""A channel's address is in the environment, under a name that follows from the channel's."""

from __future__ import annotations

from migrator.domain.model.spec import ChannelSpec


def test_the_variable_of_a_channel_is_its_name_in_capitals() -> None:
    assert ChannelSpec("ops").variable == "MIGRATOR_NOTIFY_OPS"
    assert ChannelSpec("on-call-2").variable == "MIGRATOR_NOTIFY_ON_CALL_2"
