"""What the plan's own queries and its own judges say beside the counts: they may make a verdict worse, and never better."""
