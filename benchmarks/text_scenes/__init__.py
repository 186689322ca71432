"""What the truth benchmark of text draws and counts: one module a part."""
