"""Aliyun NLB, API 2022-04-30: server groups over the lab's balancer, writes as jobs, and a group that is busy meanwhile."""
