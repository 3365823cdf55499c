"""`python -m kpop_assets.ui`."""

from kpop_assets.ui.server import main

if __name__ == "__main__":
    main()
