"""What stands behind the debtor's page, one file for each thing that a person comes for."""
