"""A change of a workload in the form in which its owner applies it: YAML, with every reason as a comment."""
