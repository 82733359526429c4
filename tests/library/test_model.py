"""Whole models: what all of them have in common, and what is said of inputs that make no sense."""

from dataclasses import replace

import numpy as np
import pytest
from headway.attention import causal_mask, padding_mask
from headway.blocks import post_ln_block, pre_ln_block
from headway.cache import Cache
from headway.config import Config, init_parameters, parameter_shapes
from headway.model import Model, activations, forward
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import BOTH, CONFIGS, DECODERS, SIZES, a_model, some_inputs

few = settings(max_examples=15, derandomize=True, deadline=None)
TEXTS = tuple(name for name in CONFIGS if name != "vit")
ENCODERS = tuple(name for name in TEXTS if name not in DECODERS)


def close(ours, theirs, rtol=1e-5):
    """Relative to the largest number, in float32."""
    assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape) == (np.float32, ours.shape)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=rtol * np.abs(theirs).max())


@pytest.mark.parametrize("name", CONFIGS)
def test_a_forward_has_a_row_of_float32_for_every_position_and_changes_nothing(name):
    model, inputs = a_model(name), some_inputs(name)
    before = {key: a.copy() for key, a in (model.parameters | inputs).items()}
    given_inputs = {key: a.copy() for key, a in inputs.items()}
    found = forward(model, **given_inputs)
    T = 13 if name == "vit" else 7
    assert (found.dtype, found.shape) == (np.float32, (2, T, model.config.outputs or 12))
    assert np.isfinite(found).all()
    for key, a in (model.parameters | given_inputs).items():
        np.testing.assert_array_equal(a, before[key])


@pytest.mark.parametrize("name", CONFIGS)
def test_everything_on_the_way_is_float32(name):
    _, found = activations(a_model(name), **some_inputs(name))
    assert {a.dtype for a in found.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", CONFIGS)
def test_in_float64_the_result_is_that_of_float32_up_to_its_rounding(name):
    model, inputs = a_model(name), some_inputs(name)
    precise = Model(model.config, {key: a.astype(float) for key, a in model.parameters.items()})
    exact = forward(precise, **inputs)
    assert exact.dtype == np.float64
    close(forward(model, **inputs), exact.astype(np.float32))


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("batch", [(), (1,), (2, 3)])
def test_a_text_of_a_batch_gives_what_it_gives_alone(name, batch):
    model, inputs = a_model(name), some_inputs(name, batch=batch)
    together = forward(model, **inputs)
    for row in np.ndindex(batch):
        close(together[row], forward(model, **{key: a[row] for key, a in inputs.items()}))


@pytest.mark.parametrize("name", CONFIGS)
def test_scores_at_one_position_are_those_of_the_whole(name):
    model, inputs = a_model(name), some_inputs(name)
    whole = forward(model, **inputs)
    for at in (0, 3, -1):
        close(forward(model, **inputs, at=at), whole[:, at])


@pytest.mark.parametrize("name", DECODERS)
def test_a_decoder_does_not_look_ahead(name):
    model, inputs = a_model(name), some_inputs(name)
    before = forward(model, **inputs)
    inputs["inputs"][:, 4:] = (inputs["inputs"][:, 4:] + 1) % 17
    after = forward(model, **inputs)
    np.testing.assert_array_equal(after[:, :4], before[:, :4])
    assert (after[:, 4:] != before[:, 4:]).any(axis=-1).all()


@pytest.mark.parametrize("name", ENCODERS)
def test_in_an_encoder_every_position_reaches_every_other(name):
    model, inputs = a_model(name), some_inputs(name)
    before = forward(model, **inputs)
    inputs["inputs"][:, 4] = (inputs["inputs"][:, 4] + 1) % 17
    assert (forward(model, **inputs) != before).any(axis=-1).all()


@pytest.mark.parametrize("name", ENCODERS)
def test_padding_might_as_well_not_be_there(name):
    model, ids = a_model(name), some_inputs(name)["inputs"]
    lengths = np.array([7, 4])
    together = forward(model, ids, mask=padding_mask(lengths, 7))
    for row, length in enumerate(lengths):
        close(together[row, :length], forward(model, ids[row, :length]))


@pytest.mark.parametrize("name", BOTH)
def test_padding_of_a_source_might_as_well_not_be_there(name):
    model, inputs = a_model(name), some_inputs(name)
    lengths = np.array([9, 5])
    together = forward(model, **inputs, source_mask=padding_mask(lengths, 9))
    for row, length in enumerate(lengths):
        alone = forward(model, inputs["inputs"][row], inputs["source"][row, :length])
        close(together[row], alone)


@pytest.mark.parametrize("name", DECODERS)
def test_a_mask_of_a_decoder_hides_what_it_hides_and_shows_nothing_ahead(name):
    model, inputs = a_model(name), some_inputs(name)
    close(forward(model, **inputs, mask=np.ones((7, 7), dtype=bool)), forward(model, **inputs))
    mask = np.ones((7, 7), dtype=bool)
    mask[3:, 1] = False
    _, found = activations(model, **inputs, mask=mask)
    pattern = found["decoder.0.attention.pattern"]
    np.testing.assert_array_equal(pattern > 0, np.broadcast_to(mask & causal_mask(7), pattern.shape))


@pytest.mark.parametrize("name", DECODERS)
@few
@given(st.lists(st.integers(1, 4), min_size=1, max_size=5), st.integers(0, 99))
def test_with_a_cache_pieces_give_what_the_whole_gives(name, pieces, key):
    model, inputs = a_model(name), some_inputs(name, key, T=min(sum(pieces), 15))
    whole = forward(model, **inputs)
    cache, found, source = Cache(model, 15, (2,)), [], inputs.get("source")
    for piece in np.split(inputs["inputs"], np.cumsum(pieces), axis=-1):
        if piece.size:
            found.append(forward(model, piece, source, cache=cache))
            source = None
    assert cache.length == whole.shape[-2]
    close(np.concatenate(found, axis=-2), whole)


@pytest.mark.parametrize("name", DECODERS)
def test_a_cache_forgets_and_its_rows_can_be_chosen(name):
    model, inputs = a_model(name), some_inputs(name)
    cache = Cache(model, 7, (2,))
    forward(model, **inputs, cache=cache)
    cache.length = 5
    cache.select(np.array([1, 0, 1]))
    ids = np.array([[3, 4], [5, 6], [7, 8]])
    found = forward(model, ids, cache=cache)
    for row, text in enumerate([1, 0, 1]):
        whole = np.concatenate([inputs["inputs"][text, :5], ids[row]])
        source = {"source": inputs["source"][text]} if name in BOTH else {}
        close(found[row], forward(model, whole, **source)[5:])


def random_block(model, i, stack="decoder"):
    """The parameters of a block under the names of pre_ln_block and post_ln_block."""
    p = {
        name.removeprefix(f"{stack}.{i}."): a
        for name, a in model.parameters.items()
        if name.startswith(f"{stack}.{i}.")
    }
    W_Q, W_K, W_V = np.split(p["attention.QKV.W"], 3, axis=1)
    return {
        "scale_1": p["attention.norm.scale"],
        "shift_1": p["attention.norm.shift"],
        "W_Q": W_Q,
        "W_K": W_K,
        "W_V": W_V,
        "W_O": p["attention.O.W"],
        "scale_2": p["mlp.norm.scale"],
        "shift_2": p["mlp.norm.shift"],
        "W_in": p["mlp.in.W"],
        "b_in": p["mlp.in.b"],
        "W_out": p["mlp.out.W"],
        "b_out": p["mlp.out.b"],
        "H": model.config.heads,
    }


@pytest.mark.parametrize(("norm_first", "block"), [(True, pre_ln_block), (False, post_ln_block)])
@pytest.mark.parametrize("stack", ["encoder", "decoder"])
def test_the_blocks_of_a_model_are_those_of_the_lesson(norm_first, block, stack):
    layers = {f"{stack}_layers": 2}
    config = Config(**SIZES, **layers, context=9, norm_first=norm_first)
    model = Model(config, init_parameters(config, np.random.default_rng(0)))
    for name, a in model.parameters.items():
        if name.endswith((".QKV.b", ".O.b")):
            assert not a.any()  # these functions of the lesson have no such biases
    ids = np.random.default_rng(0).integers(0, 17, size=(2, 7))
    _, found = activations(model, ids)
    X = found[f"{stack}.embedding"]
    for i in range(2):
        X = block(X, **random_block(model, i, stack), mask=causal_mask(7) if stack == "decoder" else None)
        close(found[f"{stack}.{i}.stream"], X)


@pytest.mark.parametrize("name", CONFIGS)
def test_the_residual_stream_is_the_sum_of_what_was_written_into_it(name):
    if not CONFIGS[name].norm_first:
        model = a_model(name)
        assert not any(key.endswith(("encoder.norm.scale", "decoder.norm.scale")) for key in model.parameters)
        return
    _, found = activations(a_model(name), **some_inputs(name))
    for stack in {key.partition(".")[0] for key in found if key.endswith(".embedding")}:
        written = [a for key, a in found.items() if key.startswith(stack) and key.endswith(".out")]
        last = [a for key, a in found.items() if key.startswith(stack) and key.endswith(".stream")][-1]
        close(found[f"{stack}.embedding"] + sum(written), last)


@pytest.mark.parametrize("name", CONFIGS)
def test_a_record_has_what_the_docstring_names_and_watching_changes_nothing(name):
    model, inputs = a_model(name), some_inputs(name)
    scores, found = activations(model, **inputs)
    np.testing.assert_array_equal(scores, forward(model, **inputs))
    np.testing.assert_array_equal(scores, found["scores"])
    stack = "decoder" if name in DECODERS else "encoder"
    layer = ("Q", "K", "V", "scores", "pattern", "heads", "out")
    expected = (
        {f"{stack}.1.attention.{one}" for one in layer}
        if getattr(model.config, f"{stack}_layers") > 1
        else set()
    )
    expected |= {f"{stack}.0.mlp.hidden", f"{stack}.0.mlp.out", f"{stack}.0.stream", f"{stack}.states"}
    expected |= {f"decoder.0.cross.{one}" for one in layer} if name in BOTH else set()
    assert expected <= set(found)
    np.testing.assert_allclose(found[f"{stack}.0.attention.pattern"].sum(axis=-1), 1, rtol=1e-5)


@pytest.mark.parametrize("name", CONFIGS)
def test_what_watch_hands_back_goes_on_in_its_place(name):
    model, inputs = a_model(name), some_inputs(name)
    before, found = activations(model, **inputs)
    for watched in found:
        after = forward(model, **inputs, watch=lambda key, value, w=watched: 0 * value if key == w else value)
        assert (after != before).any(), watched
    other, elsewhere = activations(model, **some_inputs(name, key=1))
    states = f"{'decoder' if name in DECODERS else 'encoder'}.states"
    patched = forward(model, **inputs, watch=lambda key, value: elsewhere[states] if key == states else value)
    np.testing.assert_array_equal(patched, other)


@pytest.mark.parametrize("name", CONFIGS)
def test_random_parameters_have_the_names_and_shapes_of_the_config_and_are_reproducible(name):
    ours, again = (init_parameters(CONFIGS[name], np.random.default_rng(3)) for _ in range(2))
    assert {key: a.shape for key, a in ours.items()} == parameter_shapes(CONFIGS[name])
    assert {a.dtype for a in ours.values()} == {np.dtype(np.float32)}
    for key, a in ours.items():
        np.testing.assert_array_equal(a, again[key])


def test_random_parameters_keep_the_residual_stream_at_its_size():
    config = Config(width=64, heads=4, hidden=256, decoder_layers=12, vocabulary=50, positions="none")
    model = Model(config, init_parameters(config, np.random.default_rng(0)))
    _, found = activations(model, np.arange(40))
    sizes = [found[f"decoder.{i}.stream"].std() for i in range(12)]
    assert 0.1 < min(sizes) <= max(sizes) < 3


# What a person may get wrong.


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"heads": 5}, "heads is 5, which does not divide width 12"),
        ({"groups": 4}, "groups is 4, which does not divide heads 6"),
        ({"positions": "rotery"}, "positions is 'rotery', expected one of learned"),
        ({"norm": "batch"}, "norm is 'batch', expected one of layer, rms"),
        ({"activation": "tanh"}, "activation is 'tanh'"),
        ({"decoder_layers": 0}, "a model without layers"),
        ({"context": 0}, "set context"),
        ({"positions": "rotary", "head_width": 3}, "3 wide: make it even"),
        ({"positions": "disentangled"}, "an encoder whose heads share no keys"),
        ({"vocabulary": 0}, "set vocabulary or patch"),
        ({"outputs": 9}, "outputs cannot be 9"),
        ({"hidden": 0}, "each is ≥ 1"),
    ],
)
def test_a_config_that_makes_no_sense_is_named(changed, says):
    with pytest.raises(ValueError, match=says):
        replace(CONFIGS["gpt-2"], **changed)


@pytest.mark.parametrize(
    ("ids", "says"),
    [
        (np.array([[3, 1], [2, 17]]), r"token id 17 at \(1, 1\) is none of the 17: they are 0 … 16"),
        (np.array([3, -1]), r"token id -1 at \(1,\)"),
        (np.array([1.0, 2.0]), "token ids are float64, expected an array of integers"),
        ([1, 2], "token ids are list"),
        (np.array([], int), r"shape \(0,\), expected \(\.\.\., T\) with T at least 1"),
        (np.zeros(16, int), "16 positions, but the context of this model ends at 15"),
    ],
)
@pytest.mark.parametrize("name", ["gpt-2", "bert"])
def test_tokens_that_a_model_cannot_read_are_named(name, ids, says):
    with pytest.raises(ValueError, match=says):
        forward(a_model(name), ids)


def test_sources_that_a_model_cannot_read_are_named():
    model, ids = a_model("t5"), np.array([1, 2])
    with pytest.raises(ValueError, match="token id 99 at"):
        forward(model, ids, np.array([99]))
    with pytest.raises(ValueError, match="no source is given"):
        forward(model, ids)
    with pytest.raises(ValueError, match="no source is given"):
        forward(model, ids, cache=Cache(model, 5))
    with pytest.raises(ValueError, match="segment id 2 at"):
        forward(a_model("bert"), ids, segments=np.array([0, 2]))
    with pytest.raises(ValueError, match="a source is given, but 0 layers"):
        forward(a_model("gpt-2"), ids, ids)


@pytest.mark.parametrize(
    ("mask", "says"),
    [
        (np.zeros((1, 7), bool), r"hides every key from the query at \(0, 0\)|at \(0,\)"),
        (padding_mask(np.array([7, 0]), 7), r"hides every key from the query at \(1, 0\)"),
        (np.ones((7, 7)), "the mask is float64, expected bool"),
        (np.ones((2, 7), bool), r"shape \(2, 7\), expected \(\.\.\., 7, 7\) or \(\.\.\., 1, 7\)"),
        (np.ones((7, 6), bool), r"shape \(7, 6\)"),
        (np.ones(7, bool), r"shape \(7,\)"),
        (np.ones((3, 7, 7), bool), r"batch axes \(3,\), expected those of the inputs, \(2,\)"),
        (np.ones((1, 2, 7, 7), bool), r"batch axes \(1, 2\), expected those of the inputs, \(2,\)"),
    ],
)
@pytest.mark.parametrize("name", ["gpt-2", "deberta"])
def test_masks_that_make_no_sense_are_named(name, mask, says):
    with pytest.raises(ValueError, match=says):
        forward(a_model(name), np.zeros((2, 7), int), mask=mask)


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        ((2, 1, 8, 6), r"shape \(2, 1, 8, 6\), expected \(\.\.\., 3, height, width\)"),
        ((3, 8, 5), "8 × 5 are no whole number of patches with side 2"),
        ((3, 8, 8), "17 positions, but the context of this model ends at 13"),
    ],
)
def test_images_that_a_model_cannot_read_are_named(shape, says):
    with pytest.raises(ValueError, match=says):
        forward(a_model("vit"), np.zeros(shape, np.float32))


def test_a_cache_that_is_full_is_named():
    model = a_model("gpt-2")
    cache = Cache(model, 3)
    forward(model, np.array([1, 2]), cache=cache)
    with pytest.raises(ValueError, match="4 positions, but the cache ends at 3"):
        forward(model, np.array([1, 2]), cache=cache)


def test_weights_of_another_config_are_named_with_their_shapes():
    model = a_model("gpt-2")
    other = replace(model.config, hidden=11)
    with pytest.raises(ValueError, match=r"decoder.0.mlp.in.W has shape \(12, 10\), expected \(12, 11\)"):
        Model(other, model.parameters)
    with pytest.raises(ValueError, match=r"decoder.2.attention.norm.scale is missing, .* and 9 more"):
        Model(replace(model.config, decoder_layers=3), model.parameters)
    with pytest.raises(ValueError, match=r"decoder.position.W \(15, 12\) is unknown"):
        Model(replace(model.config, positions="none"), model.parameters)


def test_weights_that_are_no_numbers_or_of_several_kinds_are_named():
    for value in (np.nan, np.inf):
        model = a_model("gpt-2")
        model.parameters["decoder.1.mlp.out.W"][3, 4] = value
        with pytest.raises(ValueError, match=r"decoder.1.mlp.out.W holds 1 numbers .* at \(3, 4\) it is"):
            Model(model.config, model.parameters)
    model = a_model("gpt-2")
    model.parameters["token.W"] = model.parameters["token.W"].astype(float)
    with pytest.raises(ValueError, match="weights are float32, float64, expected floats of one kind"):
        Model(model.config, model.parameters)
