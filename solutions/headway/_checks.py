"""What a person may get wrong, found and named before any work is done."""

import numpy as np


def check_parameters(shapes, parameters):
    """Raises ValueError unless the parameters have these names and shapes, one dtype, and finite numbers."""
    found = {name: a.shape for name, a in parameters.items()}
    wrong = [f"{name} is missing, expected {shape}" for name, shape in shapes.items() if name not in found]
    wrong += [f"{name} {shape} is unknown" for name, shape in found.items() if name not in shapes]
    wrong += [
        f"{name} has shape {found[name]}, expected {shape}"
        for name, shape in shapes.items()
        if found.get(name, shape) != shape
    ]
    if wrong:
        more = f"; and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise ValueError(f"these weights are not those of this config: {'; '.join(wrong[:3])}{more}")
    dtypes = {a.dtype for a in parameters.values()}
    if len(dtypes) != 1 or next(iter(dtypes)).kind != "f":
        names = ", ".join(sorted(map(str, dtypes)))
        raise ValueError(f"weights are {names}, expected floats of one kind: use astype(np.float32)")
    for name, a in parameters.items():
        finite = np.isfinite(a)
        if not finite.all():
            place = tuple(map(int, np.argwhere(~finite)[0]))
            count = a.size - finite.sum()
            raise ValueError(f"{name} holds {count} numbers that are not finite: at {place} it is {a[place]}")


def check_tokens(ids, n, name="token"):
    """Raises ValueError unless ids is an array of integers from 0 to n - 1, of at least one position."""
    if getattr(ids, "dtype", None) is None or ids.dtype.kind not in "iu":
        kind = getattr(ids, "dtype", type(ids).__name__)
        raise ValueError(f"{name} ids are {kind}, expected an array of integers")
    if ids.ndim < 1 or ids.shape[-1] < 1:
        raise ValueError(f"{name} ids have shape {ids.shape}, expected (..., T) with T at least 1")
    wrong = (ids < 0) | (ids >= n)
    if wrong.any():
        place = tuple(map(int, np.argwhere(wrong)[0]))
        raise ValueError(f"{name} id {ids[place]} at {place} is none of the {n}: they are 0 … {n - 1}")


def check_length(T, limit, of):
    """Raises ValueError if there are more positions than there is room for; a limit of 0 is none."""
    if limit and limit < T:
        raise ValueError(f"{T} positions, but the {of} ends at {limit}: shorten the input")


def check_images(images, config):
    """Raises ValueError unless images can be cut into as many patches as the model has positions for."""
    if images.ndim < 3 or images.shape[-3] != config.channels:
        raise ValueError(
            f"images have shape {images.shape}, expected (..., {config.channels}, height, width)"
        )
    height, width = images.shape[-2:]
    if height % config.patch or width % config.patch:
        raise ValueError(
            f"images of {height} × {width} are no whole number of patches with side {config.patch}"
        )


def check_mask(mask, batch, Tq, Tk):
    """Raises ValueError unless the mask has a bool for each query and key, in batches as of the inputs."""
    if mask.dtype != bool:
        raise ValueError(f"the mask is {mask.dtype}, expected bool: True where a query may look")
    if mask.ndim < 2 or mask.shape[-2] not in (1, Tq) or mask.shape[-1] != Tk:
        raise ValueError(f"the mask has shape {mask.shape}, expected (..., {Tq}, {Tk}) or (..., 1, {Tk})")
    axes = mask.shape[:-2]
    if len(axes) > len(batch) or any(n not in (1, m) for n, m in zip(axes[::-1], batch[::-1], strict=False)):
        raise ValueError(
            f"the mask has batch axes {axes}, expected those of the inputs, {batch}, or some of 1"
        )


def check_sight(mask):
    """Raises ValueError if a query may look nowhere, for then there is nothing that it could fetch."""
    blind = ~mask.any(axis=-1)
    if blind.any():
        place = tuple(map(int, np.argwhere(blind)[0]))
        raise ValueError(f"the mask hides every key from the query at {place}: show it one at least")
