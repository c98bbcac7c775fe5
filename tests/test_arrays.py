"""The largest entry of an array."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from gradcheck.arrays import Array, largest


@given(arrays(np.float64, array_shapes(min_dims=0, min_side=0, max_side=4), elements=st.floats()))
def test_largest_is_the_maximum_of_the_sizes(a: Array) -> None:
    for arranged in (a, a.T):
        expected = float(np.abs(arranged).max(initial=0.0))
        assert largest(arranged) == expected or (math.isnan(expected) and math.isnan(largest(arranged)))
