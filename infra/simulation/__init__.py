"""The whole house under fire, in one process, from one seed: every interleaving and every fault can be had again."""
