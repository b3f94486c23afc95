"""What the replica's articles say: sentences put together from patterns of our own."""
