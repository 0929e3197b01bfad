"""Drift: what a run rests on, as it was recorded, compared with what is there now. Pure; it neither looks nor holds."""
