"""A stand-in for IPython's shell: runs cells, and notes what a cell asks to be filled with."""

import linecache
import sys
from types import SimpleNamespace


class Shell:
    """The parts of IPython's shell that the companion looks at."""

    def __init__(self):
        self.user_ns = {"__name__": "__main__", "In": [""]}
        self.history_manager = SimpleNamespace(input_hist_raw=[""])
        self.filled = None

    def run(self, *cells):
        for text in cells:
            number = len(self.user_ns["In"])
            file = f"/tmp/ipykernel_2/{id(self)}_{number}.py"
            self.history_manager.input_hist_raw.append(text)
            plain = text.replace("%matplotlib inline", "get_ipython().run_line_magic('matplotlib', 'inline')")
            self.user_ns["In"].append(plain)
            linecache.cache[file] = (len(plain), None, plain.splitlines(keepends=True), file)
            exec(compile(plain, file, "exec"), self.user_ns)

    def set_next_input(self, text, replace=False):
        self.filled = text, replace


def install(monkeypatch):
    """Makes this process look like a notebook's kernel."""
    shell = Shell()
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return shell
