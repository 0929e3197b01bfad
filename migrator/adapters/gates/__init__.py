"""Gates outside: a webhook that is asked before a step."""
