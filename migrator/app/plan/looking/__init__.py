"""What a plan looks at, a module for each system that is asked: the lists of the cluster, the balancer, the old gateways, the ways to backends."""
