"""The table of lifecycle moves, and the picture that is drawn from it."""
