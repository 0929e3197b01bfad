"""One turn's decisions: the chain of rules, requests of people, settling of writes, the invariants. Pure."""
