"""What a load balancer is: listeners and targets, checks, tasks and faults. It opens no listener and forwards nothing."""
