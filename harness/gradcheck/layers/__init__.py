"""The layers, one file each; importing this package fills the table LAYERS."""

from gradcheck.layers import (
    attention,
    batch_norm,
    conv2d,
    dense,
    embedding,
    flatten,
    group_norm,
    layer_norm,
    lstm,
    pooling,
    rnn,
)
from gradcheck.layers.activation import Activation
from gradcheck.layers.equations import EquationLayer
from gradcheck.layers.layer import LAYERS, Layer, Position, Statement
from gradcheck.layers.stack import Stack

__all__ = [
    "LAYERS",
    "Activation",
    "EquationLayer",
    "Layer",
    "Position",
    "Stack",
    "Statement",
    "attention",
    "batch_norm",
    "conv2d",
    "dense",
    "embedding",
    "flatten",
    "group_norm",
    "layer_norm",
    "lstm",
    "pooling",
    "rnn",
]
