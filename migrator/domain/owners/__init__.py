"""Controllers that make gateways from objects of their own: who owns a workload, and what becomes of it by its owner's hand."""
