"""The learner's companion of the Headway course: what lessons import. Nothing loads before it is used."""

from importlib import import_module

# Where each name is defined. None may be the name of a module in this package, whose import would hide it.
_EXPORTS = {
    "check": "headway_course.checking.check",
    "earlier": "headway_course.asking",
    "exercise": "headway_course.asking",
    "give_up": "headway_course.record.showing",
    "hand_in": "headway_course.handing_in",
    "hint": "headway_course.hinting",
    "library": "headway_course.asking",
    "model_answer": "headway_course.record.showing",
    "next_up": "headway_course.record.showing",
    "progress": "headway_course.record.showing",
    "question": "headway_course.asking",
    "real_model": "headway_course.real.loading",
    "reset": "headway_course.resetting",
    "show_activations": "headway_course.pictures",
    "show_alibi": "headway_course.pictures",
    "show_attention": "headway_course.pictures",
    "show_beams": "headway_course.pictures",
    "show_broadcast": "headway_course.pictures",
    "show_buckets": "headway_course.pictures",
    "show_clock_hands": "headway_course.pictures",
    "show_depth": "headway_course.pictures",
    "show_dot_products": "headway_course.pictures",
    "show_drafts": "headway_course.pictures",
    "show_draws": "headway_course.pictures",
    "show_guessing": "headway_course.pictures",
    "show_kept": "headway_course.pictures",
    "show_mask": "headway_course.pictures",
    "show_norms": "headway_course.pictures",
    "show_padded": "headway_course.pictures",
    "show_pairs": "headway_course.pictures",
    "show_parts": "headway_course.pictures",
    "show_patches": "headway_course.pictures",
    "show_positions": "headway_course.pictures",
    "show_puzzle": "headway_course.puzzles",
    "show_reading": "headway_course.pictures",
    "show_rotary": "headway_course.pictures",
    "show_sharing": "headway_course.pictures",
    "show_sight": "headway_course.pictures",
    "show_split": "headway_course.pictures",
    "show_steps": "headway_course.pictures",
    "show_stream": "headway_course.pictures",
    "show_sums": "headway_course.pictures",
    "show_temperatures": "headway_course.pictures",
    "show_tokens": "headway_course.pictures",
    "show_windows": "headway_course.pictures",
    "side_by_side": "headway_course.pictures",
    "small_model": "headway_course.small_models",
    "watch": "headway_course.pictures",
    "yours": "headway_course.real.swapping",
}
__all__ = sorted(_EXPORTS)


def __getattr__(name: str) -> object:
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_EXPORTS[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_EXPORTS])
