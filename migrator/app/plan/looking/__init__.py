"""What a plan looks at: the cluster's lists, the balancer, the old gateways, the ways to backends; a module for each."""
