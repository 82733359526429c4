"""Makes transformers.npz: what models of torch and the transformers package give, for tests without them.

Needs torch and transformers, and none of the three packages: `python tests/oracles/make_transformers.py`. The
models are tiny and their weights random; the file holds them as the package stores them, and the versions.
"""

import json
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
import transformers as hf

FILE = Path(__file__).with_name("transformers.npz")
SIZES = {"vocab_size": 61, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4}
SIZES |= {"intermediate_size": 20, "max_position_embeddings": 19}
T5 = {"vocab_size": 61, "d_model": 16, "d_kv": 6, "d_ff": 20, "num_layers": 2, "num_heads": 4}
T5 |= {"relative_attention_num_buckets": 8, "relative_attention_max_distance": 12}


def models():
    """A model of each kind, and whether what it gives are scores or states."""
    gpt2 = hf.GPT2Config(vocab_size=61, n_positions=19, n_embd=16, n_layer=2, n_head=4)
    yield "gpt2", hf.GPT2LMHeadModel(gpt2)
    llama = hf.LlamaConfig(**SIZES | {"num_key_value_heads": 2}, rope_theta=500.0)
    yield "llama", hf.LlamaForCausalLM(llama)
    wide = hf.LlamaConfig(**SIZES | {"num_key_value_heads": 1, "head_dim": 6}, tie_word_embeddings=True)
    yield "llama-tied", hf.LlamaForCausalLM(wide)
    yield "bert", hf.BertModel(hf.BertConfig(**SIZES), add_pooling_layer=False)
    yield "bert-classifier", hf.BertForTokenClassification(hf.BertConfig(**SIZES, num_labels=5))
    deberta = hf.DebertaV2Config(
        **SIZES,
        relative_attention=True,
        position_biased_input=False,
        pos_att_type=["p2c", "c2p"],
        position_buckets=4,
        norm_rel_ebd="layer_norm",
        share_att_key=True,
        type_vocab_size=0,
    )
    yield "deberta-v2", hf.DebertaV2Model(deberta)
    bart = hf.BartConfig(
        vocab_size=61,
        d_model=16,
        encoder_layers=2,
        decoder_layers=1,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=20,
        decoder_ffn_dim=20,
        max_position_embeddings=19,
        scale_embedding=True,
    )
    yield "bart", hf.BartForConditionalGeneration(bart)
    yield "t5", hf.T5ForConditionalGeneration(hf.T5Config(**T5))
    gated = hf.T5Config(**T5, feed_forward_proj="gated-gelu", num_decoder_layers=1, tie_word_embeddings=False)
    yield "t5-gated", hf.T5ForConditionalGeneration(gated)
    vit = hf.ViTConfig(
        **{
            name: size
            for name, size in SIZES.items()
            if name not in ("vocab_size", "max_position_embeddings")
        },
        image_size=8,
        patch_size=2,
        num_channels=3,
        num_labels=10,
    )
    yield "vit", hf.ViTForImageClassification(vit)


def inputs(name, rng):
    """Inputs under our names; lengths are those of texts that padding fills up."""
    if name == "vit":
        return {"inputs": rng.normal(size=(2, 3, 8, 8)).astype(np.float32)}
    ids = {"inputs": rng.integers(0, 61, size=(2, 11))}
    if name in ("gpt2", "llama", "llama-tied"):
        return ids
    if name.startswith("bert"):
        ids["segments"] = rng.integers(0, 2, size=(2, 11))
    if name.startswith(("bart", "t5")):
        return ids | {"source": rng.integers(0, 61, size=(2, 13)), "lengths": np.array([13, 9])}
    return ids | {"lengths": np.array([11, 7])}


def called(model, given):
    """The first output of a model; what lies under the padding of an encoder is of no account."""
    tensors = {name: torch.from_numpy(a) for name, a in given.items()}
    if model.config.model_type == "vit":
        return model(pixel_values=tensors["inputs"])[0]
    asked = {"input_ids": tensors["inputs"]}
    if "source" in given:
        asked = {"input_ids": tensors["source"], "decoder_input_ids": tensors["inputs"]}
    if "segments" in given:
        asked["token_type_ids"] = tensors["segments"]
    if "lengths" in given:
        T = asked["input_ids"].shape[-1]
        asked["attention_mask"] = (torch.arange(T) < tensors["lengths"][:, None]).long()
    return model(**asked)[0]


def randomised(model):
    """Weights of a size at which every part of the model matters: norms and biases are drawn as well."""
    for name, weight in model.named_parameters():
        torch.nn.init.normal_(weight, std=0.3)
        if "norm" in name.lower() or ".ln_" in name:
            weight.add_(1.0 if name.endswith("weight") else 0.0)
        weight.copy_(weight.half())  # fewer digits make a smaller file
    for name, buffer in model.named_buffers():
        if name == "final_logits_bias":
            torch.nn.init.normal_(buffer)
    return model.eval()


def stored(model):
    """The weights under the names that they have in a file."""
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        file = Path(folder) / "model.safetensors"
        settings = json.loads((Path(folder) / "config.json").read_text())
        return settings, file.read_bytes()


class Vaswani(torch.nn.Module):
    """The transformer of Vaswani et al. 2017 from torch's own layers."""

    def __init__(self):
        super().__init__()
        sizes = {"d_model": 16, "nhead": 4, "dim_feedforward": 20, "dropout": 0.0, "batch_first": True}
        self.token = torch.nn.Embedding(61, 16)
        self.encoder = torch.nn.TransformerEncoder(torch.nn.TransformerEncoderLayer(**sizes), 2)
        self.decoder = torch.nn.TransformerDecoder(torch.nn.TransformerDecoderLayer(**sizes), 2)

    def forward(self, ids, source, lengths):
        hidden = torch.arange(source.shape[-1]) >= lengths[:, None]
        ahead = torch.nn.Transformer.generate_square_subsequent_mask(ids.shape[-1])
        memory = self.encoder(self.embedded(source), src_key_padding_mask=hidden)
        X = self.decoder(self.embedded(ids), memory, tgt_mask=ahead, memory_key_padding_mask=hidden)
        return X @ self.token.weight.T

    def embedded(self, ids):
        t, i = torch.arange(ids.shape[-1], dtype=torch.double), torch.arange(0, 16, 2, dtype=torch.double)
        angles = t[:, None] / 10_000 ** (i / 16)
        positions = torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)
        return self.token(ids) * 4 + positions.float()

    def parameters_of_ours(self):
        """Our names and layout, in which matrices are (in, out) and queries, keys and values are one."""
        yield "token.W", self.token.weight
        for stack in ("encoder", "decoder"):
            for i, block in enumerate(getattr(self, stack).layers):
                at = f"{stack}.{i}"
                attention = block.self_attn
                yield from _linear(f"{at}.attention.QKV", attention.in_proj_weight, attention.in_proj_bias)
                yield from _layer(f"{at}.attention.O", attention.out_proj)
                yield from _norm(f"{at}.attention.norm", block.norm1)
                if stack == "decoder":
                    W, b = block.multihead_attn.in_proj_weight, block.multihead_attn.in_proj_bias
                    yield from _linear(f"{at}.cross.Q", W[:16], b[:16])
                    yield from _linear(f"{at}.cross.KV", W[16:], b[16:])
                    yield from _layer(f"{at}.cross.O", block.multihead_attn.out_proj)
                    yield from _norm(f"{at}.cross.norm", block.norm2)
                yield from _layer(f"{at}.mlp.in", block.linear1)
                yield from _layer(f"{at}.mlp.out", block.linear2)
                yield from _norm(f"{at}.mlp.norm", block.norm3 if stack == "decoder" else block.norm2)


def _layer(name, layer):
    return _linear(name, layer.weight, layer.bias)


def _linear(name, W, b):
    return (f"{name}.W", W.T), (f"{name}.b", b)


def _norm(name, norm):
    return (f"{name}.scale", norm.weight), (f"{name}.shift", norm.bias)


@torch.no_grad()
def main():
    used = {name: version(name) for name in ("torch", "transformers", "numpy")}
    used["python"] = platform.python_version()
    arrays = {f"versions/{name}": np.array(number) for name, number in used.items()}
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    for name, model in models():
        settings, file = stored(randomised(model))
        arrays[f"{name}/settings"] = np.array(json.dumps(settings, sort_keys=True))
        arrays[f"{name}/file"] = np.frombuffer(file, np.uint8)
        given = inputs(name, rng)
        arrays |= {f"{name}/in/{parameter}": a for parameter, a in given.items()}
        arrays[f"{name}/out"] = called(model, given).numpy()
    model = randomised(Vaswani())
    given = inputs("t5", rng)
    arrays |= {f"vaswani/in/{parameter}": a for parameter, a in given.items()}
    arrays |= {f"vaswani/weights/{name}": a.numpy() for name, a in model.parameters_of_ours()}
    arrays["vaswani/out"] = model(*map(torch.from_numpy, given.values())).numpy()
    np.savez_compressed(FILE, allow_pickle=False, **arrays)
    print(f"{FILE}: {len(arrays)} arrays, {FILE.stat().st_size // 1024} KiB, {used}")


if __name__ == "__main__":
    main()
