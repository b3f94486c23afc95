"""The page that computes digests anew: whether the archive still holds what a citation says."""
