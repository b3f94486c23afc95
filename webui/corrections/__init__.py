"""What editors correct: the forms of one article, and the ledger of everything that was corrected."""
