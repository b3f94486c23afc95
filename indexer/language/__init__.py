"""What Vietnamese text is to the search engine: its words, the provinces, numbers and dates it names (pure)."""
