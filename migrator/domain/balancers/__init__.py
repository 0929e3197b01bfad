"""What a driver declares and reads besides weights: its profile, its settings, how fast it applies a weight."""
