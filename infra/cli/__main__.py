"""`python -m infra.cli`."""

from infra.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
