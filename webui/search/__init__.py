"""The search page: the box, how it was understood, filters, results."""
