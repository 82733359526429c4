"""How the programs that people use save a notebook: each takes one as JSON and gives the bytes of the file.

JupyterLab 4, nbconvert and jupytext are run for real. The others are written down from their sources and from
what their makers say: VS Code's extensions/ipynb/src/serializers.ts, which lost ids until summer 2021;
Colab keeps the ids of a 4.5 notebook, and makes 4.0 without them, where the id stands in the metadata; the
classic Notebook gave every cell a new id at every save until January 2021; Lab 3 saved 4.5 without ids. What
JupyterLab does to ids when cells are split, merged, cut and pasted was looked at in a running Lab 4.6.
"""

import asyncio
import copy
import hashlib
import json

import jupytext
import nbformat
from jupyter_server.services.contents.filemanager import AsyncFileContentsManager
from jupytext.combine import combine_inputs_with_outputs
from nbconvert.exporters import NotebookExporter
from traitlets.config import Config

LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": "3.11.7",
}


def jupyterlab(notebook, folder):
    """The server's own manager saves what Lab sends: sources as one text, and `trusted` on code cells."""
    sent = copy.deepcopy(notebook)
    sent["metadata"]["language_info"] = LANGUAGE
    for cell in sent["cells"]:
        cell["source"] = text_of(cell)
        if cell["cell_type"] == "code":
            cell["metadata"]["trusted"] = True
            cell["execution_count"] = 3
    manager = AsyncFileContentsManager(root_dir=str(folder))
    asyncio.run(manager.save({"type": "notebook", "format": "json", "content": sent}, "lab.ipynb"))
    return (folder / "lab.ipynb").read_bytes()


def jupyterlab_3(notebook, _folder):
    """Format 4.5 without ids, which is not valid, and was common."""
    saved = copy.deepcopy(notebook)
    for cell in saved["cells"]:
        cell.pop("id", None)
    return as_jupyter(saved)


def vscode(notebook, _folder):
    """Keeps ids and metadata, sorts keys, writes language_info anew; a cell in another language says so."""
    saved = copy.deepcopy(notebook)
    saved["metadata"] |= {"language_info": LANGUAGE}
    saved["metadata"]["kernelspec"] = {"display_name": ".venv", "language": "python", "name": "python3"}
    for number, cell in enumerate(saved["cells"]):
        cell["source"] = text_of(cell).splitlines(keepends=True)
        cell.setdefault("id", random_id("vscode", number))
        if cell["cell_type"] == "raw":
            cell["metadata"]["vscode"] = {"languageId": "raw"}
    return (json.dumps(saved, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def vscode_2021(notebook, folder):
    """Lost the ids of a 4.5 notebook, and left `orig_nbformat`."""
    saved = json.loads(vscode(notebook, folder))
    for cell in saved["cells"]:
        cell.pop("id")
    saved["metadata"]["orig_nbformat"] = 4
    return (json.dumps(saved, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def colab(notebook, _folder):
    """Keeps the ids of a 4.5 notebook, and writes each into the metadata too."""
    saved = copy.deepcopy(notebook)
    saved["metadata"] |= {"colab": {"provenance": []}}
    for number, cell in enumerate(saved["cells"]):
        cell["metadata"]["id"] = cell.setdefault("id", random_id("colab", number))
        if cell["cell_type"] == "code":
            ran = {"elapsed": 8, "status": "ok", "timestamp": 1, "user": {"displayName": "A", "userId": "1"}}
            cell["metadata"] |= {"executionInfo": ran, "outputId": random_id("output", number)}
    return json.dumps(saved, indent=2, ensure_ascii=False).encode()  # no line end


def colab_4_0(notebook, folder):
    """As format 4.0: no ids but those in the metadata."""
    saved = json.loads(colab(notebook, folder)) | {"nbformat_minor": 0}
    for cell in saved["cells"]:
        del cell["id"]
    return json.dumps(saved, indent=2, ensure_ascii=False).encode()


def classic(notebook, _folder):
    """Notebook 6 keeps ids since 2021."""
    saved = copy.deepcopy(notebook)
    saved["metadata"] |= {"language_info": LANGUAGE, "toc": {"base_numbering": 1}}
    return as_jupyter(saved)


def classic_2020(notebook, folder):
    """Gave every cell a new id at every save."""
    saved = json.loads(classic(notebook, folder))
    for number, cell in enumerate(saved["cells"]):
        cell["id"] = random_id("classic", number)
    return as_jupyter(saved)


def nbconvert_clear_output(notebook, _folder):
    """`jupyter nbconvert --clear-output`."""
    config = Config(
        {"NotebookExporter": {"preprocessors": ["nbconvert.preprocessors.ClearOutputPreprocessor"]}}
    )
    node = nbformat.reads(json.dumps(notebook), as_version=nbformat.NO_CONVERT)
    return (NotebookExporter(config=config).from_notebook_node(node)[0] + "\n").encode()


def jupytext_paired(notebook, _folder):
    """Through a script in percent format and back, as a notebook that is paired with one."""
    node = nbformat.from_dict(copy.deepcopy(notebook))
    for cell in node.cells:
        cell.source = text_of(cell)
    node.metadata["jupytext"] = {"formats": "ipynb,py:percent"}
    script = jupytext.writes(node, fmt="py:percent")
    read = jupytext.reads(script, fmt="py:percent")
    return as_jupyter(combine_inputs_with_outputs(read, node, fmt="py:percent"))


def jupytext_alone(notebook, _folder):
    """From the script alone: new ids; cell metadata come along, most of the notebook's do not."""
    node = nbformat.from_dict(copy.deepcopy(notebook))
    for cell in node.cells:
        cell.source = text_of(cell)
    read = jupytext.reads(jupytext.writes(node, fmt="py:percent"), fmt="py:percent")
    for number, cell in enumerate(read.cells):
        cell["id"] = random_id("jupytext", number)
    return as_jupyter(read)


EDITORS = (
    jupyterlab,
    jupyterlab_3,
    vscode,
    vscode_2021,
    colab,
    colab_4_0,
    classic,
    classic_2020,
    nbconvert_clear_output,
    jupytext_paired,
    jupytext_alone,
)


def as_jupyter(notebook):
    return (json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def text_of(cell):
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def random_id(*parts):
    """Eight letters, as these programs draw them, but the same at every run."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:8]


# What people do to cells. Each changes the list of cells at a place; `text` is a line that they write.


def change(cells, place, text):
    cells[place]["source"] = text_of(cells[place]) + f"\n{text}"


def rewrite(cells, place, text):
    cells[place]["source"] = text


def empty(cells, place, _text):
    cells[place]["source"] = ""


def add(cells, place, text):
    cells.insert(place, new_cell("code", text))


def delete(cells, place, _text):
    del cells[place]


def move(cells, place, text):
    cells.insert(len(text) * 7 % len(cells), cells.pop(place))


def duplicate_in_place(cells, place, _text):
    """A copy with the same id, as from a text editor."""
    cells.insert(place, copy.deepcopy(cells[place]))


def copy_and_paste(cells, place, text):
    """The copy gets an id of its own, and all the metadata."""
    cells.insert(place + 1, copy.deepcopy(cells[place]) | {"id": random_id("paste", text)})


def cut_and_paste(cells, place, text):
    cut = cells.pop(place) | {"id": random_id("cut", text)}
    cells.insert(len(text) * 5 % (len(cells) + 1), cut)


def lab_split(cells, place, text):
    """JupyterLab 4: the upper part is new, with a copy of the metadata; the lower one keeps the id."""
    whole = text_of(cells[place])
    half = whole.find("\n", len(whole) // 2)
    upper = copy.deepcopy(cells[place]) | {"id": random_id("split", text), "source": whole[:half].strip("\n")}
    cells[place]["source"] = whole[half:].strip("\n")
    cells.insert(place, upper)


def vscode_split(cells, place, text):
    """VS Code: the upper part keeps the id; the lower one has no metadata."""
    whole = text_of(cells[place])
    half = whole.find("\n", len(whole) // 2)
    cells[place]["source"] = whole[:half]
    cells.insert(place + 1, new_cell(cells[place]["cell_type"], whole[half + 1 :], random_id("split", text)))


def lab_merge(cells, place, text):
    """JupyterLab 4: a new cell with the metadata of the active one, in the place of both."""
    if place + 1 < len(cells):
        below = cells.pop(place + 1)
        joined = f"{text_of(cells[place])}\n\n{text_of(below)}"
        cells[place] |= {"id": random_id("merge", text), "source": joined}


def vscode_merge(cells, place, _text):
    """VS Code: the upper cell goes on, the lower one is gone."""
    if place + 1 < len(cells):
        below = cells.pop(place + 1)
        cells[place]["source"] = f"{text_of(cells[place])}\n{text_of(below)}"


def change_type(cells, place, _text):
    """The id stays, in JupyterLab and in VS Code."""
    cell = cells[place]
    for key in ("outputs", "execution_count"):
        cell.pop(key, None)
    if cell["cell_type"] == "code":
        cell["cell_type"] = "markdown"
    else:
        cell |= {"cell_type": "code", "outputs": [], "execution_count": None}


def clear_outputs(cells, _place, _text):
    for cell in cells:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}


def run(cells, place, text):
    if cells[place]["cell_type"] == "code":
        output = {"output_type": "stream", "name": "stdout", "text": text}
        cells[place] |= {"outputs": [output], "execution_count": 5}


EDITS = (
    change,
    rewrite,
    empty,
    add,
    delete,
    move,
    duplicate_in_place,
    copy_and_paste,
    cut_and_paste,
    lab_split,
    vscode_split,
    lab_merge,
    vscode_merge,
    change_type,
    clear_outputs,
    run,
)


def new_cell(kind, text, name=None):
    cell = {"cell_type": kind, "id": name or random_id("new", text), "metadata": {}, "source": text}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})
