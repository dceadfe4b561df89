"""The gazetteer, the places that a text names, and which of them it is about."""
