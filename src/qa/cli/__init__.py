"""The command `qa`: one thin file per group of commands."""
