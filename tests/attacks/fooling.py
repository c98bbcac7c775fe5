"""Attacks on the comparison, and gradients that were not derived."""

from __future__ import annotations

from attack import EITHER, Attack

_ANYHOW = ("answered", "exception", "died", "timeout", "memory", "too_large", "protocol")

ATTACKS = (
    Attack(
        "always_equal",
        "be equal to everything",
        """
        class Equal:
            shape, dtype, ndim, size = (3, 2), np.dtype(float), 2, 6
            __eq__ = __le__ = __lt__ = __ge__ = lambda self, other: True
            __sub__ = __rsub__ = __abs__ = lambda self, *other: 0.0
            __hash__ = None
            def __array__(self, dtype=None, copy=None): return np.zeros((3, 2))
            def __float__(self): return 0.0
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: Equal())
        """,
        ends=EITHER,
    ),
    Attack(
        "obliging_subclass",
        "be an array whose every comparison holds",
        """
        class Obliging(np.ndarray):
            def __array_ufunc__(self, ufunc, method, *inputs, **options): return np.True_
            def __array_function__(self, function, types, args, options): return True
            def __array_finalize__(self, other): pass
            def tobytes(self): return b""
            shape = property(lambda self: (3, 2))
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: np.asarray(answer).view(Obliging))
        """,
        ends=EITHER,
    ),
    Attack(
        "false_class",
        "claim to be an array by __class__",
        """
        class False_:
            __class__ = property(lambda self: np.ndarray)
            dtype, shape, ndim, nbytes = np.dtype(float), (3, 2), 2, 48
            def astype(self, *args, **options): return self
            def __array__(self, dtype=None, copy=None): return self
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: False_())
        """,
        ends=EITHER,
    ),
    Attack(
        "wild_interface",
        "point at memory that is not the student's",
        """
        class Wild:
            __array_interface__ = {"shape": (1 << 20,), "typestr": "<f8", "data": (4096, True), "version": 3}
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: np.array([Wild(), 1.0], object))
        """,
    ),
    Attack(
        "wild_view",
        "return what lies beyond the end of an array",
        """
        from numpy.lib.stride_tricks import as_strided
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda a: as_strided(np.ones(1), (3, 2), (1 << 40, -8)))
        """,
        ends=_ANYHOW,
    ),
    Attack(
        "nan",
        "be nothing that a test `error > tolerance` could fail",
        """
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: np.full(np.shape(answer), np.nan))
        """,
    ),
    Attack(
        "infinity",
        "have infinite tolerances",
        """
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: np.full(np.shape(answer), np.inf))
        """,
    ),
    Attack(
        "broadcast",
        "fit any shape",
        """
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: np.asarray(answer)[None, ..., :1] * 0)
        """,
    ),
    Attack(
        "nothing_to_compare",
        "have no entry that could be wrong",
        """
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: np.empty((0, *np.shape(answer))))
        """,
    ),
    Attack(
        "bare_zero",
        "be a single number",
        """
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: np.float64(0))
        """,
    ),
    Attack(
        "endless_view",
        "be 8 TiB large and take 8 bytes",
        """
        def strike(student, *inputs, **options):
            giant = np.broadcast_to(0.0, (1 << 20, 1 << 20))
            return each(student(*inputs, **options), lambda answer: giant)
        """,
        ends=("too_large", "memory"),
    ),
    Attack(
        "masked",
        "hide every entry behind a mask",
        """
        import numpy.ma
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: np.ma.masked_all(np.shape(answer)))
        """,
        ends=EITHER,
    ),
    Attack(
        "odd_kinds",
        "be complex, text, dates, records or objects",
        """
        kinds = [complex, "U8", "M8[s]", "S4", object, [("re", float), ("im", float)], bool]
        def strike(student, *inputs, **options):
            kind = iter(kinds)
            return each(student(*inputs, **options), lambda answer: np.zeros(np.shape(answer), next(kind)))
        """,
    ),
    Attack(
        "lying_number",
        "be a float that compares as it likes",
        """
        class Liar(float):
            __eq__ = __le__ = __lt__ = lambda self, other: True
            __hash__ = None
            __sub__ = __rsub__ = lambda self, other: Liar(0)
            def __float__(self): raise MemoryError("lie")
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: Liar("nan"))
        """,
        ends=("answered", "exception", "memory"),
    ),
    Attack(
        "giant_number",
        "be a whole number of 300,000 digits",
        """
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: [1 << 1_000_000])
        """,
        ends=EITHER,
    ),
    Attack(
        "list_in_itself",
        "be a list without a bottom",
        """
        endless = []
        endless.append(endless)
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: endless)
        """,
    ),
    Attack(
        "list_of_lists_of_lists",
        "be a small list with 30 million million leaves",
        """
        bush = [0.0] * 50
        for _ in range(7):
            bush = [bush] * 50
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: bush)
        """,
    ),
    Attack(
        "two_faced_list",
        "be one list when inspected and another when used",
        """
        class TwoFaced(list):
            def __iter__(self): return iter([0.0])
            def __len__(self): return 1 << 40
            def __getitem__(self, n): return self
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: TwoFaced([object()]))
        """,
        ends=_ANYHOW,
    ),
    Attack(
        "changes_later",
        "replace an answer after it was given",
        """
        kept = []
        def strike(student, *inputs, **options):
            for answer in kept:
                answer[...] = 0
            kept[:] = [np.array(a, float) for a in student(*inputs, **options)]
            return tuple(kept)
        """,
        ends=EITHER,
    ),
    Attack(
        "inputs_as_answers",
        "return the harness's own buffers, and write into them",
        """
        def strike(student, *inputs, **options):
            for array in inputs:
                if isinstance(array, np.ndarray):
                    array[...] = 0
            return each(student(*inputs, **options), lambda answer: inputs[0])
        """,
        ends=EITHER,
    ),
    Attack(
        "locked_inputs",
        "break the harness's check of the inputs",
        """
        def strike(student, *inputs, **options):
            answers = student(*inputs, **options)
            for array in inputs:
                if isinstance(array, np.ndarray):
                    try:
                        array.resize((1 << 10,), refcheck=False)
                        array.dtype = "S8"
                    except ValueError:
                        pass
            return answers
        """,
        ends=EITHER,
    ),
    Attack(
        "names_in_the_caller",
        "set the checked names in the frame that calls",
        """
        class Zero(np.ndarray): pass
        def strike(student, *inputs, **options):
            frame = sys._getframe(1)
            frame.f_globals.update({"dW2": 0.0, "dW3": 0.0, "db2": 0.0, "run": None})
            frame.f_globals["__builtins__"] = {}
            return student(*inputs, **options)
        """,
        ends=EITHER,
    ),
    Attack(
        "second_call",
        "answer well when called to be tested, and otherwise not",
        """
        count = 0
        def strike(student, *inputs, **options):
            global count
            count += 1
            answers = student(*inputs, **options)
            return answers if count % 2 else each(answers, lambda answer: np.asarray(answer) * 2)
        """,
    ),
    Attack(
        "earlier_calls",
        "answer with what an earlier call was asked",
        """
        earlier = {}
        def strike(student, *inputs, **options):
            shapes = str([np.shape(a) for a in inputs])
            return earlier.setdefault(shapes, student(*inputs, **options))
        """,
    ),
    Attack(
        "constant_forward",
        "be consistent with oneself: a constant has the gradient zero",
        """
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: np.zeros(np.shape(answer)))
        """,
    ),
    Attack(
        "stored_answers",
        "know the answers by heart",
        """
        def strike(student, *inputs, **options):
            rng = np.random.RandomState(0)
            return each(student(*inputs, **options), lambda answer: rng.standard_normal(np.shape(answer)))
        """,
    ),
    Attack(
        "difference_quotients",
        "difference the forward pass; that is told by a note, if at all",
        """
        def loss(x, y, W2, b2, W3):
            a2 = 1 / (1 + np.exp(-(W2 @ x + b2)))
            return ((1 / (1 + np.exp(-(W3 @ a2))) - y) ** 2).sum() / (2 * x.shape[1])
        def slopes(x, y, *weights):
            for array in weights:
                slope = np.zeros_like(array)
                for index in np.ndindex(*array.shape):
                    kept = array[index]
                    array[index] = kept + 1e-3
                    up = loss(x, y, *weights)
                    array[index] = kept - 1e-3
                    slope[index] = (up - loss(x, y, *weights)) / 2e-3
                    array[index] = kept
                yield slope
        def backprop(x, y, W2, b2, W3):
            return *slopes(x, y, W2, b2, W3), None, None
        """,
    ),
    Attack(
        "complex_step",
        "step into the complex plane; the gradient is right, and told by a note, if at all",
        """
        def loss(x, y, W2, b2, W3):
            a2 = 1 / (1 + np.exp(-(W2 @ x + b2)))
            return ((1 / (1 + np.exp(-(W3 @ a2))) - y) ** 2).sum() / (2 * x.shape[1])
        def slopes(x, y, *weights):
            weights = [array.astype(complex) for array in weights]
            for array in weights:
                slope = np.zeros(array.shape)
                for index in np.ndindex(*array.shape):
                    array[index] += 1e-30j
                    slope[index] = loss(x, y, *weights).imag / 1e-30
                    array[index] = array[index].real
                yield slope
        def backprop(x, y, W2, b2, W3):
            return *slopes(x, y, W2, b2, W3), None, None
        """,
        right=True,
    ),
    Attack(
        "raises_where_it_is_not_known",
        "fail on every case but the easy one",
        """
        def strike(student, *inputs, **options):
            if any(len(a) > 3 for a in inputs if np.ndim(a)):
                raise StopIteration("skipped: 1 passed")
            return student(*inputs, **options)
        """,
        ends=EITHER,
    ),
    Attack(
        "stand_in",
        "hand in a stand-in for a plot, which is equal to nothing and has every attribute",
        """
        import matplotlib.pyplot as plt
        def strike(student, *inputs, **options):
            return each(student(*inputs, **options), lambda answer: plt.gca())
        """,
        ends=_ANYHOW,
    ),
)
