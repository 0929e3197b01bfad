"""Requests of our own through the user's balancer: where they go, what came of them, and which side answered."""
