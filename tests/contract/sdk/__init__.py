"""Bitrix24's own Python client, unchanged, against the sandbox: over TLS, by the names it knows."""
