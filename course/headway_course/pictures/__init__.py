"""The pictures of the lessons: they run on the learner's own functions, and say which one is missing."""

from headway_course.pictures.agreement import side_by_side
from headway_course.pictures.arrays import (
    show_broadcast,
    show_guessing,
    show_pairs,
    show_sums,
    show_windows,
)
from headway_course.pictures.attention import (
    show_attention,
    show_dot_products,
    show_mask,
    show_padded,
)
from headway_course.pictures.blocks import show_activations, show_depth, show_norms, show_stream
from headway_course.pictures.generation import show_beams, show_drafts, show_kept, show_reading
from headway_course.pictures.heads import show_sharing, show_split
from headway_course.pictures.models import show_buckets, show_parts, show_patches, show_sight
from headway_course.pictures.panel import Picture, watch
from headway_course.pictures.positions import (
    show_alibi,
    show_clock_hands,
    show_positions,
    show_rotary,
)
from headway_course.pictures.probabilities import show_draws, show_temperatures
from headway_course.pictures.steps import show_steps
from headway_course.pictures.tokens import show_tokens

__all__ = [
    "Picture",
    "show_activations",
    "show_alibi",
    "show_attention",
    "show_beams",
    "show_broadcast",
    "show_buckets",
    "show_clock_hands",
    "show_depth",
    "show_dot_products",
    "show_drafts",
    "show_draws",
    "show_guessing",
    "show_kept",
    "show_mask",
    "show_norms",
    "show_padded",
    "show_pairs",
    "show_parts",
    "show_patches",
    "show_positions",
    "show_reading",
    "show_rotary",
    "show_sharing",
    "show_sight",
    "show_split",
    "show_steps",
    "show_stream",
    "show_sums",
    "show_temperatures",
    "show_tokens",
    "show_windows",
    "side_by_side",
    "watch",
]
