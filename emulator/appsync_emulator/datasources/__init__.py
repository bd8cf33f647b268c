"""Data sources: one type a file."""
