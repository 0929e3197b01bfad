"""A listener that is not there, of the clouds that number theirs: the answer names those that there are."""

from __future__ import annotations

import pytest

from migrator.domain.messages.errors import Refused
from tests.contracts.rigs import KINDS
from tests.contracts.rigs.aliyun import Rig as Aliyun
from tests.contracts.rigs.aws import Rig as Aws

ABSENT = 9443


@pytest.mark.parametrize("name", ["aws", "aliyun-clb", "aliyun-nlb"])
def test_a_listener_that_is_not_there_is_answered_with_those_that_are(name: str) -> None:
    kind = next(kind for kind in KINDS if kind.name == name)
    with kind.open() as ground, ground.rig((10, 10), 0) as rig:
        assert isinstance(rig, Aws | Aliyun)
        driver = rig.driver(absent=(ABSENT,))
        there = {backend.listener for backend in rig.standing}
        if isinstance(rig, Aws):
            with pytest.raises(Refused) as caught:
                driver.targets()
            message = caught.value.message
            code, missing, named = message.code, message["listeners"], message["there"]
        else:
            found = next(finding for finding in driver.findings() if finding.code == "balancer.no-listener")
            code, missing, named = found.code, found.subject["names"], found["there"]

    assert (code.split(".")[1], missing) == ("no-listener", (str(ABSENT),))
    assert isinstance(named, tuple)
    assert {str(each).rpartition(":")[2] for each in named} == there
