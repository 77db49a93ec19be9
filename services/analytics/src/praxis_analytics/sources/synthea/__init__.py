"""Synthea CSV to facts."""
