"""The three checklists of a switch (before, during, after): each line filled in from facts, or by a person."""
