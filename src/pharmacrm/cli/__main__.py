"""`python -m pharmacrm.cli`, where the script is not on the path."""

from pharmacrm.cli import main

main()
