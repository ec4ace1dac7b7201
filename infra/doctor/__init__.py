"""Whether a client's account is ready to write to anybody: what AWS, carriers and gateways have granted, and how to get the rest."""
