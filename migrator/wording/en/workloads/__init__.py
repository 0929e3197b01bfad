"""English: what is said of single workloads and pods, outside the move of a gateway."""
