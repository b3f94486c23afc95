"""The administration: is it healthy, what runs, what went wrong, what changed today; recrawls."""
