"""Looking at runs without touching them: status, report, interruptions, totals."""
