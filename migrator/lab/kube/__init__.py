"""A Kubernetes API server in memory: objects, watches, patches and deletions as the real one answers them.

It runs no controllers and no containers, and keeps nothing on disk."""
