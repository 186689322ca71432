"""What people said of a brand's assets → thresholds with a guarantee, and the file that holds them."""
