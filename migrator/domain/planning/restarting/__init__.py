"""The plan of a restart: of a DaemonSet that stands, node by node, as it is or with another template. Pure."""
