"""Authorization: one mode a file."""
