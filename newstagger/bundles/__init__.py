"""Model bundles on disk: manifest, arrays, store and card."""
