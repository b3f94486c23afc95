"""Whole results as files: CSV, XLSX, JSON Lines."""
