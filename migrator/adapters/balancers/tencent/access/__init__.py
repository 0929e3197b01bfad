"""How Tencent's API is reached: signed calls, and where credentials come from."""
