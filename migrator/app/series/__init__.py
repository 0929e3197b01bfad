"""What turns see, kept over time for the charts of a report."""
