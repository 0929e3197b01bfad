"""How AWS's APIs are reached: signed calls in the query protocol, and where credentials come from."""
