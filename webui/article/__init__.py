"""The page of one article: the archived text first, then what is known of it and from where."""
