"""Which pod runs on which node, and what becomes of pods whose node is gone. Pure decisions."""
