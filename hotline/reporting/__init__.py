"""Indicators over what the queries counted: plain Python, no framework."""
