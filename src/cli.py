"""The entry point: ``python src/cli.py COMMAND``; ``--help`` lists every command."""

from sdae.cli import main

if __name__ == "__main__":
    main()
