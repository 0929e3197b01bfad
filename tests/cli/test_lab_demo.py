"""What the lab's demonstration refuses before anything starts."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from migrator.cli.commands.lab import demo


@pytest.mark.parametrize("fault", ["stale-config", "drift"])
def test_a_fault_that_would_strike_no_gateway_of_the_second_cluster_is_refused(fault: str) -> None:
    done = CliRunner().invoke(demo, ["--way", "two-clusters", "--fault", fault])

    assert done.exit_code == 2
    assert fault in done.output
