"""From a creditor's file to what we know of a person: read, understood, checked, and every cell accounted for."""
