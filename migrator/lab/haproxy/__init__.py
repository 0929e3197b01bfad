"""A real HAProxy process as the lab's balancer: no cloud API, no delay; weights come through its own runtime socket."""
