"""The config server of the gateways: Envoy configuration computed from the cluster's Istio objects."""
