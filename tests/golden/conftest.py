"""A folder in memory for stores, as the tests of the workflow have it."""

from tests.workflow.conftest import memory

__all__ = ["memory"]
