"""The beginning: what a first plan file can say of a cluster and a balancer. It reads them, and changes neither."""
