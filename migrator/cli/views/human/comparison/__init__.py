"""Comparisons of both sides, as people are shown them."""
