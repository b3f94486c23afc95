"""Background work: what was asked for, how far it is, and who does it."""
