"""What Aliyun's RPC APIs share: calls, signature, parameters, limits and refusals. It knows no balancer product."""
