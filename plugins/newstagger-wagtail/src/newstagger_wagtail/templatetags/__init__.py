"""What the panel's templates need of Python."""
