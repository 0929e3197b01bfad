"""Everything that is written down: plans, runs, the journal, leases. Nothing here changes a row of the journal."""
