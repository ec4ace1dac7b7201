"""A long number is copied wrong by hand: what has to be typed can be read by a camera too."""


def drawn(text: str, label: str) -> str:
    """The QR code of `text` as inline SVG, medium error correction (ISO/IEC 18004). label: what it is, for who cannot see it."""
    # Some 20 ms of import that only the page of payments pays.
    import segno

    svg = segno.make(text, error="m", micro=False).svg_inline(
        border=3, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None, title=label
    )
    return str(svg).replace("<svg ", '<svg role="img" ', 1)
