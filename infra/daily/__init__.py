"""What a creditor is told of a day, in its own layout and its own result codes."""
