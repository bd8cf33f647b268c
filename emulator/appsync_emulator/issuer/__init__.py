"""Issuers that the emulator takes the place of: their keys, and tokens by them."""
