"""The Java methods that templates can call on values, one class a file."""
