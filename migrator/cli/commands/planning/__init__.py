"""Commands about plans and plan files; none of them changes the cluster or the balancer."""
