"""The controllers and the scheduler of a cluster, as kube-controller-manager and kube-scheduler have them."""
