"""What Envoy Gateway makes of a Gateway: workload, Service, account, and how it keeps them so."""
