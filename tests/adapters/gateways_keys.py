"""Keys that were made for these tests and sign nothing else."""

import hashlib

_PRIVATE = (
    (
        (
            "bdd73513e8b2e92b6585e1658a78268339c02b791bb9166f42a228d6ef2a2117385ec3c88c90b8ab61e0e534262ab7f9"
            "c51e3400a3a91fc34b7bae9bdfbaf6abb81b10c5ab4ea2484578b054309967df185cf36e1207ffd819bdc69d16c3d912"
            "f29d5bcc160c8e2c94005a22735b297b16ad5a9ce60270c6ac8e7fb07262567c7a267e682b01976e36dfc5ef5ce679d8"
            "aa348d8841da36fe9aa6131a46acbbd39b7b893fcb6c271a8308a7371af8f9b585a9e09abf888f6b2318b23c0835fb23"
            "6009a9691b07aabcbdf71e7a4659047552e3302f0ff8b09a26f1b3761c04e2a76aacdd8c4628fef9e52ca373715df109"
            "5d7e67b638aab2cd5fad22ab2173dc77"
        ),
        (
            "3364a57be44d3b0e82878203893f09be10ce53768fe8c5880d53f5166adccee488602f4485b9502525744ad899548b45"
            "d4f55e42a60bcd0b83cdd1f164da2a9946581d6c45fa1db8cf05e3468779a043274752a783be22a71020ee39ecc5cc68"
            "72c1e2ee173202f35285dde0e1b5d63efa5ea7df3ded7f3669d49200e49676aef833599392ee3a8e4e0b2403f7aff580"
            "88d5b841cc0417ad1972f8a32c28cbc96626e44c056a0d62a1857292d0ed26529658cc9585afce8e9f99cd332c97175e"
            "ab02409c804ff47acc43d92d9f3fd5952ec51f0b3e1cc78c6097d04619b771fa013ef3ecff9e62d7497c480dfd19d53b"
            "53b0d87fbbf2be5fc32e659e531c1db1"
        ),
    ),
    (
        (
            "aaa5c54b48c02ccf5183c16a4bad732e55adca0b60bee507aa3facc9a608ea999de929968836cb785101d9197886e048"
            "5ed1086d4a8a88ffc3c5a54624657450b954731577b9c69f311425cdac3aced4b3a296186c7d65f1af10494d462dc32d"
            "275c48904be2932fef14e3d8572e7bfed880ceee5c31c8523ede740dcb35d87428ed654b2ac8e3f30da71f5837fce50a"
            "224abe2ffacfbbe747d14b833e7c7be69d1b09dc81d588490f32a449c3070a507bb06bd9449e4da9d1cfc865cbd2dea9"
            "35d4ec3d24ea1a255aa226e4d2c9e6150287a72ed9929e382d1a41e1f61c416462bd8bb44e87ff005bf1dc03853f30de"
            "c6bfb005f5870457501f0ac019119d13"
        ),
        (
            "17d8002313f564d820f92a722a44803c0b5509a3f6597b51f606b34e1d08d0e83454206f514ac00fbdd8916cf42b7b0a"
            "26fec9267ae1b43671df30c7db6260fd6885356c07506a16d33a3aa0017e8413874d629b38b4257ae96da54db54e6e9f"
            "9008de761461ad143d06966178fe5c97fac8b60beb238f9722595dd8e6e478010f432ea56fa3fde1ebc56ca4bfa8cfa6"
            "090cab50452e4b0239ce08df57166c0673494e4ba80bf3d01ef278b387ae595b299e96196a3837fe6f60c22887a14692"
            "3ff359405586c0857c51713598abc8a6eb51d28d1e243432cd06bb7d1f08be92f3aff6ede0d28da5335c1c895ffe43ca"
            "211d08b2dd0688c340da060002664ff9"
        ),
    ),
    (
        (
            "bb50908df0e308934c36e249f479853d86bbfd883992020b7c5acf4d31f3beec47c21325fc11d3be3aa0ea643115ca22"
            "41239e434c133ee3c7a7fec011539fcc4c832eed0688ca5b9e6a8f0d0cec9a90cd649ac1c013ce5846d37f78c1dd4f49"
            "684f2dbb30e038ec54590cc4a621ef653424432bb46f4966f5255d70a0e5e34643523eb6472bb26b90c00f7cb664f134"
            "ed6c3673b81a9f2cd87aca5684d434b48777b07f4d1b1d2a2ba5108f334fe41dc77346a3516f548f7435b83f87decb93"
            "b8faba0bec3153c5861c29b82bb30360a1df78e0fe11ce100837fbdbb3f445bd2930529aaa30b986d2432d36ad7163fd"
            "d0382a9babbeda380079e8b0d7ab2285"
        ),
        (
            "6ec44837279399fbeb687e8dad26e49bc03e656c0109f91b9700919b31f17ef2ca71ac511cabe36d97cdeb22d9c3eb86"
            "db6e41fb19d43d045adf5a78c9c6370b8b7dfd149275f6f411772ca5fdabe205c44511c986842fd413f8a310b87e33e7"
            "523f959374664e4307e8ab9c3e2c7871d2fba947ac5382dc8215ae6e6e8c831b2e27ae4478961fa3e3d66a37fa7868ac"
            "7536e39f504f11f6c6804896e75312930abd5cd2939980ed4d495e89fff67906208e6a31fcead978d94ec09ea5b12449"
            "4daaabc16a5878b1415ef1f140bc0f9eb4e8e00be498e076688ea5ff03af028652b5caf6e98a6ea0678e3adc4dc2d4ea"
            "e10d8e1045d128ad758ac0c473f2aab"
        ),
    ),
)
"""(modulus, private exponent), hexadecimal; the public exponent is 65537."""


def _pem(modulus: int) -> str:
    """SubjectPublicKeyInfo, written by hand: what is read must not be written by its reader."""
    import base64

    number = b"\0" + modulus.to_bytes(256, "big")
    key = (
        b"\x30\x82"
        + (4 + len(number) + 5).to_bytes(2, "big")
        + b"\x02\x82\x01\x01"
        + number
        + b"\x02\x03\1\0\1"
    )
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    bits = b"\x03\x82" + (len(key) + 1).to_bytes(2, "big") + b"\0" + key
    der = b"\x30\x82" + (len(algorithm) + len(bits)).to_bytes(2, "big") + algorithm + bits
    text = base64.b64encode(der).decode()
    lines = [text[place : place + 64] for place in range(0, len(text), 64)]
    return "\n".join(("-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""))


PUBLIC_KEYS = (
    _pem(int(_PRIVATE[0][0], 16)),
    _pem(int(_PRIVATE[1][0], 16)),
    _pem(int(_PRIVATE[2][0], 16)),
)


def rsa_sign(pem: str, body: bytes) -> bytes:
    """RSA PKCS#1 v1.5 with SHA-256, with the private key of that public one."""
    modulus, private = (int(one, 16) for one in _PRIVATE[PUBLIC_KEYS.index(pem)])
    info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(body).digest()
    padded = b"\0\1" + b"\xff" * (256 - len(info) - 3) + b"\0" + info
    return pow(int.from_bytes(padded, "big"), private, modulus).to_bytes(256, "big")
