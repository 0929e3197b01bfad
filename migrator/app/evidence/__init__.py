"""What is kept of the old gateways before they are removed: their last log lines, in files beside the store."""
