"""Tests of the plan of a restart."""
