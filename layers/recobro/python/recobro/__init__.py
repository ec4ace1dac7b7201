"""Recobro reminds people of what they owe and helps them pay it, and can show why it wrote to each of them."""

from recobro import cold_start as cold_start  # before anything else is loaded
