"""One run per gateway: the lease of a gateway, and who migrates it already."""
