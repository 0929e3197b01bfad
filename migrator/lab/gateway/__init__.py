"""What runs in gateways' pods: an agent like Istio's pilot-agent around a real Envoy, and what every Envoy's pod needs."""
