"""What hangs below an object's path: binding, eviction, scale, and the tunnels to a pod."""
