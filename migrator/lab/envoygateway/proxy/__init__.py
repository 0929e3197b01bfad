"""Of the two containers of Envoy Gateway's pods: the bootstrap of the Envoy, and the shutdown manager."""
