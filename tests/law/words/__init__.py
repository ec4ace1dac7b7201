"""Sentences by which the word lists are measured."""
