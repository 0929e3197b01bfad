"""migrator moves a live HTTP gateway from a Kubernetes Deployment to a DaemonSet without losing a request."""
