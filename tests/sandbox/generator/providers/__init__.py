"""Where fields come from: one file for each kind of CRM object, as in the portal."""
