"""The ports of Contour's Envoys that serve no client, and where their admin interface is."""

ADMIN_PORT = 9001
"""Passes on reads of the admin interface, and nothing else."""
STATS_PORT = 8002
"""Metrics and /ready."""
MANAGER_PORT = 8090
XDS_PORT = 8001

ADMIN_SOCKET = "/admin/admin.sock"
READY_FILE = "/admin/ok"
"""In the volume `envoy-admin` that the containers of a pod share."""
