"""The server: HTTP, websockets and TLS around an emulator."""
