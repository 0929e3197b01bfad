"""A gateway pod's container: an agent like Istio's pilot-agent that runs a real Envoy and drains it on SIGTERM."""
