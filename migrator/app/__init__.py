"""The use cases, a file each, and the wiring that gives them their ports. Commands call these and nothing deeper."""
