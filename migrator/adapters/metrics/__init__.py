"""A second opinion on the sides from a Prometheus. Never the first: it cannot see the first errors of a new series."""

from migrator.adapters.metrics.prometheus import PrometheusRates, rates

__all__ = ["PrometheusRates", "rates"]
