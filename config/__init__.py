"""What differs between sites, machines and vocabularies; this package imports none of the others."""
