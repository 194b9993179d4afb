"""Settings, addresses, the data folder, the server."""
