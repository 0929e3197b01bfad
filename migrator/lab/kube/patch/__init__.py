"""The four ways to change an object partially, and who owns which field. Nothing here stores or validates."""
