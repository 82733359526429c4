"""`digits`: an encoder of images that was trained on handwritten digits, which scikit-learn brings."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from headway.config import Config
from headway.model import Model
from sklearn.datasets import load_digits

from training import torch_model

HELD_OUT = 200
STEPS, BATCH = 3000, 128
CONFIG = Config(
    width=48,
    heads=4,
    hidden=96,
    encoder_layers=2,
    patch=2,
    channels=1,
    context=17,
    outputs=10,
    output_bias=True,
)
TEST = Path(__file__).parents[1] / "models" / "digits_test.npz"


def train(_name: str) -> tuple[Model, tuple[np.ndarray, ...]]:
    """The model, and inputs to compare its scores on; writes the images held out."""
    pixels, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(5).permutation(len(pixels))
    pixels, labels = pixels[order].reshape(-1, 1, 8, 8), labels[order]
    test = {"images": pixels[:HELD_OUT].astype(np.uint8), "labels": labels[:HELD_OUT].astype(np.uint8)}
    np.savez_compressed(TEST, allow_pickle=False, **test)
    images, answers = torch.from_numpy(pixels[HELD_OUT:] / 16).float(), torch.from_numpy(labels[HELD_OUT:])
    P = torch_model.initial(CONFIG, seed=0)
    rng = np.random.default_rng(1)

    def loss(_step):
        rows = torch.from_numpy(rng.integers(len(images), size=BATCH))
        Z = torch_model.scores(CONFIG, P, _bent(images[rows], rng))[:, 0]
        return F.cross_entropy(Z, answers[rows], label_smoothing=0.05)

    torch_model.fit(P, loss, STEPS, rate=2e-3)
    return torch_model.as_model(CONFIG, P), (images[:50].numpy(),)


def _bent(images, rng):
    """Each image turned, stretched, slanted and moved a little: there are too few to learn them by heart."""
    n = len(images)
    turn, slant = 0.15 * rng.standard_normal(n), 0.1 * rng.standard_normal(n)
    wide, high = np.exp(0.1 * rng.standard_normal((2, n)))
    right, down = 0.12 * rng.standard_normal((2, n))  # half a pixel; the image is 2 wide
    rows = [[np.cos(turn) * wide, slant - np.sin(turn), right], [np.sin(turn), np.cos(turn) * high, down]]
    grid = F.affine_grid(torch.tensor(np.array(rows)).permute(2, 0, 1), images.shape, align_corners=False)
    return F.grid_sample(images, grid.float(), align_corners=False)
