"""Weights: the next safe chunk of a change, and weights that were changed outside the run."""
