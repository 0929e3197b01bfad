"""One container: its spec, its processes, its probes and its states. It knows no API server."""
