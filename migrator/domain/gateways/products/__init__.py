"""The products of which gateway kinds are made: how each one's pods end, and what turns its health check meanwhile."""

from __future__ import annotations

from migrator.domain.gateways.products.row import Check, Clients, Known, OwnDrain, Product, Turn

__all__ = ["Check", "Clients", "Known", "OwnDrain", "Product", "Turn"]
