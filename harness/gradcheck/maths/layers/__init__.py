"""The layers, one file each; importing this package fills the table LAYERS."""

from gradcheck.maths.layers import conv2d, dense, flatten, rnn
from gradcheck.maths.layers._link import LAYERS, Activate, Layer, Link, Note, Parameters, ignore

__all__ = [
    "LAYERS",
    "Activate",
    "Layer",
    "Link",
    "Note",
    "Parameters",
    "conv2d",
    "dense",
    "flatten",
    "ignore",
    "rnn",
]
