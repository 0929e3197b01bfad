"""What survives the loss of the store: the record in the cluster, how a run goes on from it, and the way back by hand. Pure."""
