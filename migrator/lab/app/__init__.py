"""The backend application of the lab: small HTTP answers, slow ones, large ones, and a WebSocket echo."""
