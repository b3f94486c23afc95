"""The pages of the replica: markup of our own, made after what is known of the real site's."""
