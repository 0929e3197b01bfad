"""The detour in a plan: how it is worked out, its part of both routes, and where the run stands on it."""
