"""The web shell: settings, addresses, the door for the server."""
