"""How Sphinx makes the website. `headway-build site` adds the lessons, the map and a page for each module."""

import re

from headway_course.shapes import shape_line

project = "Headway"
copyright = "the authors of Headway; text and figures CC BY 4.0, code MIT"
html_title = "Headway"
language = "en"
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.viewcode",
    "sphinx-mathjax-offline",
]
exclude_patterns = ["pictures.py"]

nb_execution_mode = "off"  # the notebooks come with their outputs
nb_code_prompt_show = "Show the answer"
nb_code_prompt_hide = "Hide the answer"
nb_merge_streams = True
nb_ipywidgets_js = {}
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3

html_theme = "sphinx_book_theme"
html_static_path = ["static"]
html_css_files = ["headway.css"]
html_favicon = "static/favicon.svg"
html_show_sphinx = False
html_sourcelink_suffix = ""
html_copy_source = False
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "use_issues_button": False,
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "logo": {"text": "Headway"},
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}

autodoc_member_order = "bysource"
add_module_names = False
python_use_unqualified_type_names = True


def as_rst(_app, _what, _name, _object, _options, lines):
    """Our docstrings are plain text: the shape line becomes code, and nothing in it is markup."""
    try:
        shape = shape_line("\n".join(lines)).strip()
    except Exception:  # a module, or a function without arrays
        shape = None
    for number, line in enumerate(lines):
        if shape and line.strip() == shape:
            lines[number] = f"``{shape}``"
        else:
            escaped = re.sub(r"([*|\\_])", r"\\\1", line)
            lines[number] = re.sub(r"`([^`]+)`", lambda m: "``" + m[1].replace("\\", "") + "``", escaped)


def setup(app):
    app.connect("autodoc-process-docstring", as_rst)
