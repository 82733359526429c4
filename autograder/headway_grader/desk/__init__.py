"""The instructor's desk: a class in a folder of its own, and JupyterLab with Formgrader on it."""
