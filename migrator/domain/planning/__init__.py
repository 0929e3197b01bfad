"""Making a plan from one look at the world: checks, derivation, guards, the route and its timeline. Pure."""
