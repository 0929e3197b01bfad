"""The witness: new connections through the balancer's own address, seen as a client sees them. It judges nothing."""
