"""One module per step; its number is its place in the order, and it never changes once released."""
