"""A world on one machine to migrate in: real Envoys, real connections, a small cluster. It imports nothing of migrator."""
