"""Terms, the linear classifier, calibration, thresholds and evaluation."""
