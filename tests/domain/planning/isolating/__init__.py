"""Whether a pod may be set apart or put back, and by which steps."""
