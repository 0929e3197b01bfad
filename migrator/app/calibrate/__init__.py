"""Measuring how long a balancer takes to apply a weight: what may be touched, the change, the measurement."""
