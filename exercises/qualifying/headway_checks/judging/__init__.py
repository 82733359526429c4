"""Made by headway-build: what tries your functions. It needs numpy alone."""
