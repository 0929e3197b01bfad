"""What the gates before a step look at outside: whether somebody has frozen the run. It reads, and decides nothing."""
