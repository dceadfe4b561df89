"""Migrations of the newsroom's pages."""
