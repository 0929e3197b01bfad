"""The process beside a gateway that takes it off the balancer when its pod ends. It runs in the pod, without a store."""
