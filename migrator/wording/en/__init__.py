"""English: the texts of every code. Short sentences that name their subject; what it means for traffic; what to do next."""
