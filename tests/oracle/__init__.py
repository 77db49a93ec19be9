"""A second computation of the figures, straight from the raw files, to hold the product against."""
