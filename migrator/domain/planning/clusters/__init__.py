"""Two clusters, one balancer: what the new pods refer to there, what has to be alike in both, and who needs which rights."""
