"""Event source mappings: what Lambda reads from queues for functions."""
