"""Whole migrations in the lab, by the production command line, judged by the clients' ledger and the balancer's log."""
