"""What was seen: the facets of one turn, the nodes, and the snapshot that is kept for others."""
