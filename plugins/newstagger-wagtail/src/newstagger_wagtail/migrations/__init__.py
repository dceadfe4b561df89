"""The tables of the report's index."""
