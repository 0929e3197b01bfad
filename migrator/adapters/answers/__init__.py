"""Asking both sides the same questions, straight at their gateways. It compares nothing and decides nothing."""
