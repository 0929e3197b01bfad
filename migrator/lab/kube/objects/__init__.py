"""The objects of the cluster, and every way to create, change and delete one."""
