"""The step of an in-place move: a node that changes hands, from the old workload's pod to the new one's, and back."""
