"""Setting single pods apart, on a fake world and a real store."""
