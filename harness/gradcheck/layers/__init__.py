"""The layers, one file each; importing this package fills the table LAYERS."""

from gradcheck.layers import conv2d, dense, flatten, rnn
from gradcheck.layers.activation import Activation
from gradcheck.layers.layer import LAYERS, Layer, Place, Statement
from gradcheck.layers.stack import Stack

__all__ = [
    "LAYERS",
    "Activation",
    "Layer",
    "Place",
    "Stack",
    "Statement",
    "conv2d",
    "dense",
    "flatten",
    "rnn",
]
