"""`python -m infra.packing [CLIENT]`: build the layers and say how large everything is."""

import sys

from infra.packing.sizes import sizes
from infra.synth import synthesise

if __name__ == "__main__":
    client = sys.argv[1] if len(sys.argv) > 1 else "demo"
    for name, size in sorted(sizes(synthesise(client)).items(), key=lambda each: -each[1]):
        sys.stdout.write(f"{size / 1024:10.1f} kB  {name}\n")
