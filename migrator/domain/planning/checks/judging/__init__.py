"""Checks of what the run will be judged by: somebody can say how the sides do, and there is enough traffic."""
