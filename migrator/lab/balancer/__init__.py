"""The lab's L4 load balancer: a real TCP data plane under a control plane that speaks a cloud's API.

It does what a cloud's balancer does and no more: it never retries, never redispatches, and never looks into a stream.
"""
