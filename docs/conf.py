"""How Sphinx makes the website. `headway-build site` adds the lessons, the map and a page for each module."""

import re
import shutil
from importlib.util import find_spec
from pathlib import Path
from textwrap import indent

from headway_course.errors import CourseError
from headway_course.shapes import shape_line

project = "Headway"
copyright = "the authors of Headway; text and figures CC BY 4.0, code MIT"
html_title = "Headway"
language = "en"
highlight_language = "text"  # what names no language is plain
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.viewcode",
]
exclude_patterns = ["pictures.py"]

nb_execution_mode = "off"  # the notebooks come with their outputs
nb_merge_streams = True
nb_ipywidgets_js = {}
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3

# Formulas: from a copy of MathJax, of which a few files are enough; without its menu, so that Tab passes by.
MATHJAX = Path(find_spec("sphinx-mathjax-offline").origin).parent / "static" / "mathjax"
OF_MATHJAX = ("tex-chtml.js", "input/tex/extensions/*.js", "output/chtml/fonts/woff-v2/*.woff")
mathjax_path = "mathjax/tex-chtml.js"
mathjax3_config = {"options": {"enableMenu": False}}

html_theme = "sphinx_book_theme"
html_static_path = ["static"]
html_css_files = ["headway.css"]
html_favicon = "static/favicon.svg"
html_use_index = False
html_domain_indices = False
html_sourcelink_suffix = ""
html_copy_source = False
html_context = {"default_mode": "auto"}
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "use_issues_button": False,
    # No bar on top: it would be empty, and its menu buttons, though unseen, would take the clicks of ours.
    "navbar_start": [],
    "navbar_center": [],
    "navbar_end": [],
    "navbar_persistent": [],
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "logo": {"text": "Headway"},
    "footer_content_items": ["copyright.html"],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the shape lines say more
add_module_names = False


def as_rst(_app, _what, _name, _object, _options, lines):
    """Our docstrings are plain text: the shape line is set as code, and nothing else in them is markup."""
    text = "\n".join(lines)
    paragraphs = [_paragraph(paragraph, _shape(text)) for paragraph in text.split("\n\n")]
    lines[:] = "\n\n".join(paragraphs).split("\n")


def _shape(docstring):
    try:
        return shape_line(docstring)
    except CourseError:  # a module, or a function without arrays
        return None


def _paragraph(text, shape):
    if all(line.startswith("|") for line in text.splitlines()):
        return "::\n\n" + indent(text, "    ")  # a table is shown as it stands
    if " ".join(text.split()) == shape:
        return f".. rst-class:: shape\n\n``{shape}``"
    escaped = re.sub(r"([*|\\_])", r"\\\1", text)
    return re.sub(r"`([^`]+)`", lambda code: "``" + code[1].replace("\\", "") + "``", escaped)


def name_sources(_app, page, _template, context, _doctree):
    """A page of source code gets a title of its own, for the module's page has its name already."""
    if page.startswith("_modules/headway"):
        context["title"] = f"Source of {context['title']}"


def add_mathjax(app, error):
    """Copies what formulas need into the website."""
    for source in [] if error else (file for pattern in OF_MATHJAX for file in MATHJAX.glob(pattern)):
        target = Path(app.outdir, "_static", "mathjax", source.relative_to(MATHJAX))
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def setup(app):
    app.connect("autodoc-process-docstring", as_rst)
    app.connect("html-page-context", name_sources)
    app.connect("build-finished", add_mathjax)
