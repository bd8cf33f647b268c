"""The scripts that a function's own interpreter runs.

They stand alone: the interpreter may be older than ours and may not have this package.
"""
