"""Envoy Gateway in small: its controller, which makes gateways' workloads and answers for them, and its Envoys' containers."""
