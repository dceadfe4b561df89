"""``python -m newstagger`` is the command line."""

from newstagger.cli import main

main()
