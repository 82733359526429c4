"""nbgrader as the front door: what `nbgrader_config.py` puts in the place of in-kernel execution."""
