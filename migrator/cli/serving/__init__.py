"""What is served over HTTP, for people and for Prometheus: read-only pages of the store, off unless somebody asks for it."""
