"""The lab's load balancers, as clouds have them: control planes that speak the vendors' APIs over one real data plane.

They do what a cloud's balancer does and no more: they never retry and never redispatch.
"""
