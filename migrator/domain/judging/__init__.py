"""What the counts say of the new side: deltas, the observed share, the verdict. Nothing here acts."""
