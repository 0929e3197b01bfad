"""The plan of an in-place move: both sides need the same ports of the same nodes, which change hands one after another."""
