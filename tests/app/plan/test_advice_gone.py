"""Advice on a gateway that is gone: a run that has completed has removed it, and there is nothing to judge."""

from __future__ import annotations

import pytest

from migrator.app.plan.advice import advised
from migrator.domain.messages.errors import UsageError
from migrator.domain.model.refs import source_ref
from tests.fakes.world import SPEC, FakeWorld


def test_a_gateway_that_is_gone_is_not_judged() -> None:
    world = FakeWorld()
    assert advised(SPEC, world.readers)

    world.cluster.objects.pop(source_ref(SPEC))
    with pytest.raises(UsageError) as refused:
        advised(SPEC, world.readers)
    assert refused.value.message.code == "advice.no-source"
