"""Commands about a single workload, outside any run."""
