"""The gateway kinds: one frozen profile each, in one table. Nothing else in migrator asks which kind a gateway is."""
