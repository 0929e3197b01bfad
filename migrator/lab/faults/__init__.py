"""Faults on the wire: doors that stand before an API, a cloud or Prometheus, and hurt what passes through as they are told.

Whoever goes through a door knows nothing of it. A door breaks nothing unless it is asked to.
"""
