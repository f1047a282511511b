"""A stand-in Bitrix24 portal on loopback; it imports nothing of the application."""
