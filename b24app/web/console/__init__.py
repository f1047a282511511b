"""The console: one file a screen. Each of its addresses is an administrator's."""
