"""Adapters to the world outside. They know no ticket."""
