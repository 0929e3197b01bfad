"""The steps by which a single pod is set apart from its workload, and put back or ended."""
