"""Makes torch.npz: what torch gives for the cases of the course, so that a test can compare without torch.

Needs torch beside the three packages: `python tests/oracles/make_torch.py`. The file holds the versions used.
"""

import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch_oracles
from comparison import EXERCISES, asked

FILE = Path(__file__).with_name("torch.npz")


def main():
    used = {name: version(name) for name in ("torch", "numpy")} | {"python": platform.python_version()}
    arrays = {f"versions/{name}": np.array(number) for name, number in used.items()}
    for target in EXERCISES:
        name = target.rpartition(".")[2]
        for case in asked(target, key=0):
            root = f"{name}/{case.group}/{case.name}"
            arrays |= {f"{root}/in/{parameter}": np.asarray(a) for parameter, a in case.inputs.items()}
            results = torch_oracles.called(getattr(torch_oracles, name), case.inputs)
            arrays |= {f"{root}/out/{i}": result for i, result in enumerate(results)}
    np.savez_compressed(FILE, allow_pickle=False, **arrays)
    print(f"{FILE}: {len(arrays)} arrays, {FILE.stat().st_size // 1024} KiB, {used}")


if __name__ == "__main__":
    main()
