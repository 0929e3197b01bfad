"""Commands that carry runs out, and that ask something of a run."""
