"""One person's whole record as an archive that a regulator can read and anybody can verify without Recobro."""
