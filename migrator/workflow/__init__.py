"""Turns of a run: look, decide (in the domain), write down, act, write down. The only place that sleeps for a run."""
