"""Who acts in a story and who is only its source."""
