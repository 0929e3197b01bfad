"""What everything in a lab stands on: its addresses, its manifests, and small clients of its API server and its cloud."""
