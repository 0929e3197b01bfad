"""Making, saving and checking plans. Nothing here changes the world."""
