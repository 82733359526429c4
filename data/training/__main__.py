"""Trains one small model: `python -m training stories` in the folder data, with torch beside Headway."""

import sys
import time
from importlib import import_module
from pathlib import Path

import torch
from headway import weights

from training import torch_model

MODELS = Path(__file__).parents[1] / "models"
TRAINERS = {"stories": "language", "draft": "language", "digits": "vision", "dates": "translation"}


def main(name: str) -> None:
    """Trains the model, compares it with torch, and writes it to data/models."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    began = time.process_time()
    model, inputs = import_module(f"training.{TRAINERS[name]}").train(name)
    file = MODELS / f"{name}.npz"
    weights.save(model, file)
    apart = torch_model.assert_same_scores(weights.load(file), *inputs)
    minutes = (time.process_time() - began) / 60
    count = sum(a.size for a in model.parameters.values())
    print(
        f"{file}: {count} parameters, {file.stat().st_size} bytes, {minutes:.1f} minutes of one processor, "
        f"scores at most {apart:.1e} from torch's ({torch.__version__})"
    )


if __name__ == "__main__":
    main(sys.argv[1])
