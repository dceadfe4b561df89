"""Wire reuse: index, aligned passages, masks, credit lines and verdict."""
