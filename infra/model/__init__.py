"""The claim protocol as a small model whose every interleaving is looked at; beside the code that it describes."""
