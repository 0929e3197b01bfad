"""What controllers read and write: API types, readers of objects, decided writes as values. It talks to no server."""
