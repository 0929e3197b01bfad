"""Envoys' configurations, made comparable and told apart: what two gateways of equal intent have in common. Asks nobody."""
