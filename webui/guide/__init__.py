"""What a reader should know of the archive: what is in it and what is not, what provinces mean."""
