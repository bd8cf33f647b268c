"""Resources to the model: what the emulator runs, type by type."""
