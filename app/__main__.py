"""`python -m app` is `mlsd`."""

from app.cli import main

main()
