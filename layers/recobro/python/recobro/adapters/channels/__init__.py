"""One file a carrier: the call that goes out and the answers that come back, side by side."""
