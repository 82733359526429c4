"""The pictures of the lessons: they run on the learner's own functions, and say which one is missing."""

from headway_course.pictures.agreement import side_by_side
from headway_course.pictures.attention import (
    show_attention,
    show_dot_products,
    show_mask,
    show_padded,
)
from headway_course.pictures.heads import show_sharing, show_split
from headway_course.pictures.panel import Picture, watch
from headway_course.pictures.probabilities import show_draws, show_temperatures

__all__ = [
    "Picture",
    "show_attention",
    "show_dot_products",
    "show_draws",
    "show_mask",
    "show_padded",
    "show_sharing",
    "show_split",
    "show_temperatures",
    "side_by_side",
    "watch",
]
