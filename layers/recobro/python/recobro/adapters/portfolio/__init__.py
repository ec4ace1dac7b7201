"""The formats that creditors send portfolios in, one file each, all giving the same rows."""
