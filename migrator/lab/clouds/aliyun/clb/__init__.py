"""Aliyun CLB, API 2014-05-15: vServer groups over the lab's balancer, synchronous writes and a group that is busy after."""
