"""Envoy Gateway: which Gateway an Envoy belongs to, and who gets each of its resources. Other Envoys have nothing of it."""
