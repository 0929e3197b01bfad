"""What is behind a Service: the EndpointSlices, and the listener that TKE's own controller keeps for it."""
