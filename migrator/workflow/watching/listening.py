"""The guard over the balancer's listeners: how each is set now, beside how the plan has seen it. It reads, and publishes.

A driver that cannot say how its listeners are set is not asked. It is asked seldom: each look costs calls of the vendor's API.
"""

from __future__ import annotations

from migrator.domain.drift.standing import Rests
from migrator.domain.drift.surroundings import listeners_moved
from migrator.domain.observation.drifted import ListenerDrift
from migrator.domain.ports.balancer import BalancerReader, ChecksHealth, KnowsSteering
from migrator.workflow.watching.board import Board

EVERY = 30.0
"""Seconds between two looks."""


class Listening:
    """Looks and compares; with a plan that has not kept the settings, with what this process saw first."""

    def __init__(self, rests: Rests, balancer: BalancerReader, board: Board) -> None:
        self._health, self._steering = rests.health, rests.steering
        self._balancer, self._board = balancer, board

    def __call__(self) -> None:
        """Look once. Raises Unreachable or Refused: the last look stands."""
        balancer = self._balancer
        checks = balancer.health_checks() if isinstance(balancer, ChecksHealth) else ()
        steering = balancer.steering() if isinstance(balancer, KnowsSteering) else ()
        if not (checks or steering):
            return
        self._health, self._steering = self._health or checks, self._steering or steering
        moved = (*listeners_moved(self._health, checks), *listeners_moved(self._steering, steering))
        self._board.publish(ListenerDrift(moved))
