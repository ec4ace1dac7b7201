"""The law packs as people read them: each rule in a sentence, a pack as a page, two packs side by side."""
