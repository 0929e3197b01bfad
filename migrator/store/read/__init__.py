"""Every question that is put to the store, and what the answers mean. Nothing here writes."""
