"""Surviving the loss of the store: the record in the cluster, a run taken over from it, and the way back by hand."""
