# %% honest | a reshape to five axes and a moveaxis
import numpy as np

def patches(images, p):
    *batch, c, h, w = images.shape
    cut = images.reshape(*batch, c, h // p, p, w // p, p)
    cut = np.moveaxis(cut, [-4, -2], [-5, -4])
    return cut.reshape(*batch, (h // p) * (w // p), c * p * p)

# %% honest | einsum as a transpose
import numpy as np

def patches(images, p):
    *batch, c, h, w = images.shape
    A = images.reshape(*batch, c, h // p, p, w // p, p)
    return np.einsum("...cyixj->...yxcij", A).reshape(*batch, -1, c * p ** 2)

# %% honest | a permutation computed from the number of axes
import numpy as np

def patches(images, p):
    lead = images.ndim - 3
    c, h, w = images.shape[lead:]
    shape = images.shape[:lead]
    A = images.reshape(shape + (c, h // p, p, w // p, p))
    order = tuple(range(lead)) + tuple(lead + axis for axis in (1, 3, 0, 2, 4))
    return np.transpose(A, order).reshape(shape + (-1, c * p * p))

# %% honest | sliding windows, of which every p-th is taken
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def patches(images, p):
    windows = sliding_window_view(images, (p, p), axis=(-2, -1))[..., ::p, ::p, :, :]
    windows = np.moveaxis(windows, -5, -3)                   # colours behind the squares
    return windows.reshape(*images.shape[:-3], -1, images.shape[-3] * p * p)

# %% honest | the place of every pixel by index arrays
import numpy as np

def patches(images, p):
    c, h, w = images.shape[-3:]
    across = w // p
    square, entry = np.indices((h // p * across, c * p * p))
    colour, rest = np.divmod(entry, p * p)
    line, column = np.divmod(rest, p)
    y = square // across * p + line
    x = square % across * p + column
    return images[..., colour, y, x]

# %% honest | as_strided on a contiguous copy
import numpy as np
from numpy.lib.stride_tricks import as_strided

def patches(images, p):
    A = np.ascontiguousarray(images)
    *batch, c, h, w = A.shape
    *outer, sc, sh, sw = A.strides
    cut = as_strided(A, (*batch, h // p, w // p, c, p, p), (*outer, p * sh, p * sw, sc, sh, sw), writeable=False)
    return cut.reshape(*batch, -1, c * p * p)

# %% honest | lexsort of the pixels by square, colour, line and column
import numpy as np

def patches(images, p):
    *batch, c, h, w = images.shape
    colour, y, x = (a.ravel() for a in np.indices((c, h, w)))
    order = np.lexsort((x % p, y % p, colour, x // p, y // p))
    flat = images.reshape(*batch, c * h * w)
    return np.take(flat, order, axis=-1).reshape(*batch, h * w // (p * p), c * p * p)

# %% honest | scattered to where each pixel goes
import numpy as np

def patches(images, p):
    *batch, c, h, w = images.shape
    colour, y, x = np.ogrid[:c, :h, :w]
    square = y // p * (w // p) + x // p
    entry = (colour * p + y % p) * p + x % p
    out = np.empty((*batch, h * w // p ** 2, c * p ** 2), dtype=images.dtype)
    out[..., square, entry] = images
    return out

# %% honest | one pair of axes after the other, a function that cuts an axis in a loop of two
import numpy as np

def cut(A, axis, p):
    n = A.shape[axis]
    assert n % p == 0, "p must divide the height and the width"
    return A.reshape(A.shape[:axis] + (n // p, p) + A.shape[axis + 1:])

def patches(images, p):
    A = images
    first = images.ndim - 2
    for axis in (first + 1, first):          # the width before the height, so that axes keep their numbers
        A = cut(A, axis, p)
    A = A.swapaxes(-3, -2)                   # (..., c, h/p, w/p, p, p)
    A = A.swapaxes(-5, -4).swapaxes(-4, -3)
    return A.reshape(images.shape[:-3] + (-1, images.shape[-3] * p * p))

# %% loopy over rows, columns | square after square
import numpy as np

def patches(images, p):
    h, w = images.shape[-2:]
    rows = []
    for y in range(0, h, p):
        for x in range(0, w, p):
            square = images[..., y:y + p, x:x + p]
            rows.append(square.reshape(*images.shape[:-3], -1))
    return np.stack(rows, axis=-2)

# %% loopy over c, rows, columns | pixel after pixel
import numpy as np

def patches(images, p):
    *batch, c, h, w = images.shape
    out = np.zeros((*batch, h * w // p ** 2, c * p ** 2), images.dtype)
    for colour, y, x in np.ndindex(c, h, w):
        out[..., y // p * (w // p) + x // p, (colour * p + y % p) * p + x % p] = images[..., colour, y, x]
    return out

# %% loopy over rows, columns | np.split in rows and then in columns
import numpy as np

def patches(images, p):
    *batch, c, h, w = images.shape
    flat = []
    for strip in np.split(images, h // p, axis=-2):
        for square in np.split(strip, w // p, axis=-1):
            flat.append(square.reshape(*batch, 1, c * p * p))
    return np.concatenate(flat, axis=-2)

# %% loopy over c | colour after colour
import numpy as np

def patches(images, p):
    *batch, c, h, w = images.shape
    planes = []
    for colour in range(c):
        plane = images[..., colour, :, :].reshape(*batch, h // p, p, w // p, p)
        planes.append(plane.swapaxes(-3, -2).reshape(*batch, -1, p * p))
    return np.concatenate(planes, axis=-1)

# %% loopy over batch | recursion over the images
import numpy as np

def patches(images, p):
    if images.ndim > 3:
        return np.array([patches(image, p) for image in images])
    c, h, w = images.shape
    return images.reshape(c, h // p, p, w // p, p).transpose(1, 3, 0, 2, 4).reshape(-1, c * p * p)

# %% loopy over rows, columns | a generator of squares, counted through by divmod
import numpy as np

def squares(images, p):
    h, w = images.shape[-2:]
    for i in range(h * w // p ** 2):
        y, x = divmod(i, w // p)
        yield images[..., p * y:p * y + p, p * x:p * x + p]

def patches(images, p):
    cut = np.array([*squares(images, p)])                      # (n, ..., c, p, p)
    cut = np.moveaxis(cut, 0, -4)
    return cut.reshape(*cut.shape[:-3], -1)

# %% loopy over rows | a row of squares at a time
import numpy as np

def patches(images, p):
    *batch, c, h, w = images.shape
    out = np.empty((*batch, h // p, w // p, c * p * p), images.dtype)
    for i in range(h // p):
        strip = images[..., i * p:(i + 1) * p, :].reshape(*batch, c, p, w // p, p)
        out[..., i, :, :] = np.moveaxis(strip, -2, -4).reshape(*batch, w // p, -1)
    return out.reshape(*batch, -1, c * p * p)

# %% loopy over columns | a column of squares at a time, in a while loop
import numpy as np

def patches(images, p):
    *batch, c, h, w = images.shape
    columns, x = [], 0
    while x < w:
        column = images[..., x:x + p].reshape(*batch, c, h // p, p, p)
        columns.append(column.swapaxes(-4, -3).reshape(*batch, h // p, 1, c * p * p))
        x += p
    return np.concatenate(columns, axis=-2).reshape(*batch, -1, c * p * p)

# %% loopy over rows, columns | a grid that behaves as a sequence
import numpy as np

class Grid:
    def __init__(self, images, p):
        self.images, self.p = images, p
        self.across = images.shape[-1] // p

    def __len__(self):
        return self.images.shape[-2] // self.p * self.across

    def __getitem__(self, i):
        if i >= len(self):
            raise IndexError(i)
        y, x = i // self.across * self.p, i % self.across * self.p
        A = self.images[..., y:y + self.p, x:x + self.p]
        return A.reshape(*A.shape[:-3], -1)

def patches(images, p):
    return np.stack(tuple(Grid(images, p)), axis=-2)

# %% loopy over batch | vectorize with a signature that names the squares
import numpy as np

def patches(images, p):
    c, h, w = images.shape[-3:]

    def one(image):
        cut = image.reshape(c, h // p, p, w // p, p)
        return cut.transpose(1, 3, 0, 2, 4).reshape(-1, c * p * p)

    return np.vectorize(one, signature="(c,h,w)->(n,m)")(images)
