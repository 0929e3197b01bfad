"""Tests of the preflight checks: a small world per test, and what must (not) be found in it."""
