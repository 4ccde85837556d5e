"""How fast the system is, measured on rows of its own: `manage.py bench NAME`."""
