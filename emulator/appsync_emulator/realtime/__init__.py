"""Realtime subscriptions: the wire protocol without I/O, and who gets which event."""
