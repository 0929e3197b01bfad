"""Trials: one fault at one door, in a plan and in a run, and what came of it. Its table is `migrator lab fault table`."""
