"""The judge's fixed numbers, and why they are what they are."""

from __future__ import annotations

MIN_BAD = 3
"""A breach needs this many bad answers: two may be chance at any rate."""

MIN_TO_ABORT = 20
"""And an abort this many requests."""

STALE = 3.0
"""A newest sample older than this many intervals is stale."""

OFTEN = 1.0
"""Seconds between two sweeps of the watch at the least: what is no older than three of them is no news that is late."""

Z = 1.96
"""The usual 95 % interval; two consecutive looks must both be beyond it."""

Z_BRIEF = 2.58
"""The 99 % interval, for short windows: several lengths are looked at, so each has a part of what may be chance."""
