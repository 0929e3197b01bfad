"""A real Envoy as a process of the lab, and the pieces of its configuration that several parts need."""
