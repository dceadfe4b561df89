"""A small newsroom on Wagtail and SQLite: the project that the demo shows and that the tests save pages in. Not part of the plugin."""
