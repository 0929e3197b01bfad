"""What a step waits for before it begins: a person at a share, a window of time. It stops only what goes forward."""
