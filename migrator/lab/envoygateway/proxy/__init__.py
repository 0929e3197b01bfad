"""The two containers of Envoy Gateway's pods: an Envoy that takes its configuration by polling, and the shutdown manager."""
