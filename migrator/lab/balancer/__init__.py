"""What a load balancer is: its listeners and targets, its checks, tasks and faults. It opens no listener and forwards nothing."""
