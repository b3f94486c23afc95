"""Any search as a feed: Atom and JSON Feed."""
