"""Chinese: what the checks of the preflight find, a module per room of checks."""
