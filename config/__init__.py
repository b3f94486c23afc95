"""What differs between sites, machines and vocabularies; this package imports none of the others."""

VERSION = "0.1.0"
"""The same as in pyproject.toml; what the crawler and the archive say of themselves."""
