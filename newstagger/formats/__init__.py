"""Readers and renderers of exchange formats."""
