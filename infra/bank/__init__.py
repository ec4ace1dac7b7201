"""Bank statements as banks send them: CAMT.053 by a kept library, CSV by the reader that portfolios use; credits only."""
