"""What people read: plain, short, coloured where the terminal can."""
