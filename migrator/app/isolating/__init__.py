"""Setting a pod apart and putting it back: which plan is meant, the look, and the run that does it."""
