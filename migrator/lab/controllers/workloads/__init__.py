"""The workload controllers: Deployments, ReplicaSets, DaemonSets and disruption budgets. Pure decisions."""
