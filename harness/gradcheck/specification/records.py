"""A spec, ready for use: the question that submissions answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from gradcheck.errors import UsageError
from gradcheck.specification.as_written import AsWritten
from gradcheck.specification.notation import Notation

if TYPE_CHECKING:
    from gradcheck.layers import Stack
    from gradcheck.network.model import Model
    from gradcheck.specification.cases import Case


Scoring = Literal["each", "follow_through", "all_or_nothing"]
"""How points follow from what is right."""

Feedback = Literal["where", "hint", "full"]
"""How much a learner is told of a mistake."""
Visibility = Literal["visible", "hidden", "after_due_date", "after_published"]
"""When students see the tests of a spec, in Gradescope's words."""

NOT_ON_PAPER = "formulas on paper are read of networks of layers alone"

WHOLE_SEED = 4201
"""Of the cases at which a network is asked for everything."""


@dataclass(frozen=True, kw_only=True)
class CasePlan:
    """What a case is drawn from."""

    batch: int
    """How many examples."""
    seed: int
    sizes: Mapping[str, int] | None = None
    """Of equations, how long every axis is; of layers of equations, axes that are as long as this: u2."""
    widths: tuple[int, ...] | None = None
    """The inputs' width, then each dense layer's units; None for the spec's own."""
    inputs: tuple[int, ...] | None = None
    """The shape of an example; None for the spec's own."""

    @property
    def words(self) -> str:
        """How large the case is, as it is printed."""
        if self.sizes is not None:
            return ", ".join(f"{axis} = {length}" for axis, length in self.sizes.items())
        return f"a batch of {self.batch}"


@dataclass(frozen=True, kw_only=True)
class Contract:
    """How the student's code is found and called."""

    file: str
    run: str
    run_line: int
    """The line of the spec's file at which `run` starts, from 1."""
    seconds: float
    memory_mb: int
    output: int
    """How many printed characters are kept."""
    given: tuple[str, ...]
    """Canonical names of the intermediates that `run` has as variables, as the parameters make them."""
    names: tuple[str, ...]
    """All variables that a case gives `run`."""
    by_key: bool
    """Whether `run` is the plain one, which takes what is checked out of a dictionary, by symbol."""
    formula: bool
    """Whether formulas on paper are taken in the place of code."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A right solution."""

    path: str
    """From the folder of the spec."""
    line: int
    """The line of the spec's file that names it, from 1."""


NodeKind = Literal["input", "parameter", "computed", "local"]
"""What a quantity of a graph is; a local derivative stands beside the quantities that it relates."""


@dataclass(frozen=True)
class Node:
    """A quantity of the network, as a report draws it."""

    quantity: str
    """Canonical."""
    symbol: str
    """As a report prints it."""
    kind: NodeKind
    reads: tuple[str, ...] = ()
    """What its equation reads; of a local derivative what it is of, and by what. Canonical names."""
    gradient: str = ""
    """∂J/∂ the quantity, by its canonical name; empty where there is none."""
    gradient_symbol: str = ""


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One question about the gradients of one network; quantities go by their canonical names.

    The mathematics is made when it is asked for: a warm
    run, whose answers are kept, never asks.
    """

    title: str
    path: str
    """As it is shown."""
    text_hash: str
    notation: Notation | AsWritten
    labels: bool
    """Whether the targets are handed over as numbers of classes, not as one-hot rows."""
    contract: Contract
    check: tuple[str, ...]
    accept: tuple[str, ...]
    cases: tuple[CasePlan, ...]
    points: Mapping[str, float]
    """Of every checked quantity."""
    tolerance: float | None
    precision: Literal["any", "double"]
    """Whether an answer in single precision is right, too."""
    epsilon: float | None
    """The largest constant that may stand in the loss's logarithms and quotients."""
    scoring: Scoring
    feedback: Feedback
    hidden: bool
    """Whether a graded class is kept from seeing what its code printed and where it failed."""
    visibility: Visibility
    """When students see the spec's tests on Gradescope."""
    reference: Reference | None
    """A solution that must be right; where it is not, the spec is at fault."""
    network: Mapping[str, Any] = field(repr=False)
    """What states the network, as plain data: a `model` of equations or, where that is None, layers, the
    shape of the inputs, the loss and the rest that a stack is made of."""
    graph: tuple[Node, ...] = field(default=(), repr=False)
    """Its quantities and what each follows from, for drawing; none where there are too many."""

    @classmethod
    def build(cls, data: Mapping[str, Any], path: str, text_hash: str) -> Spec:
        """The spec from its plain data."""
        notation = AsWritten if data["network"]["model"] else Notation
        return cls(
            **{
                **data,
                "path": path,
                "text_hash": text_hash,
                "notation": notation.build(data["notation"]),
                "contract": Contract(**_tuples(data["contract"], "given", "names")),
                "check": tuple(data["check"]),
                "accept": tuple(data["accept"]),
                "cases": tuple(CasePlan(**_tuples(plan, "widths", "inputs")) for plan in data["cases"]),
                "reference": Reference(**data["reference"]) if data["reference"] else None,
                "graph": tuple(Node(**_tuples(node, "reads")) for node in data["graph"]),
            }
        )

    @property
    def data(self) -> dict[str, Any]:
        """The spec as plain data, for `build`."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        del own["path"], own["text_hash"]
        return {
            **own,
            "notation": self.notation.data,
            "contract": asdict(self.contract),
            "cases": [asdict(plan) for plan in self.cases],
            "reference": self.reference and asdict(self.reference),
            "graph": [asdict(node) for node in self.graph],
        }

    def whole(self, examples: tuple[int, ...]) -> Spec:
        """The same network, asked for all that has a name, at a case of each of these batches.

        Then there is one example of each other size that the spec has cases of. Raises UsageError where
        formulas on paper are not read of such a network.
        """
        from gradcheck.specification.coverage import covering_of_layers
        from gradcheck.specification.quantity import computed

        if self.model is not None:
            raise UsageError(
                f"{self.path}: {NOT_ON_PAPER}, and this one is stated in equations: gradcheck FILE.py --spec "
                f"{self.path} checks code, and gradcheck spec show {self.path} --backward prints the formulas"
            )
        named = set(self.layered_notation.quantities(self.stack))
        known = self.layered_notation.known
        check = [name for name in computed(self.stack) if name in named and not known[name].of]
        sizes = dict.fromkeys((case.widths, case.inputs) for case in self.cases if case.widths or case.inputs)
        own = [(batch, None, None) for batch in examples]
        drawn = [*own, *((1, widths, inputs) for widths, inputs in sizes)]
        cases = tuple(
            CasePlan(batch=batch, widths=widths, inputs=inputs, seed=WHOLE_SEED + number)
            for number, (batch, widths, inputs) in enumerate(drawn)
        )
        cases = covering_of_layers(self.stack, cases, range(len(cases)))
        return replace(self, cases=cases, check=tuple(check), accept=(), points=dict.fromkeys(check, 1.0))

    @property
    def layered_notation(self) -> Notation:
        """The notation of a spec whose network is layers."""
        assert isinstance(self.notation, Notation)
        return self.notation

    @cached_property
    def model(self) -> Model | None:
        """The network, where it is stated in equations."""
        if self.network["model"] is None:
            return None
        from gradcheck.specification.statement import built

        return built(self.network["model"])

    @property
    def quantities(self) -> Collection[str]:
        """What everything that has a name is called in `run`."""
        if self.model is not None:
            return [*self.model.handed_over, *self.model.computed]
        return self.layered_notation.symbols(self.stack)

    @cached_property
    def stack(self) -> Stack:
        """The network of layers, as equations, in the spec's own sizes."""
        from gradcheck.specification.stack import stack

        return stack(self.network)

    def sized(self, plan: CasePlan) -> Stack:
        """The stack in the sizes of the plan."""
        return self.stack.resized(plan.widths, plan.inputs, plan.sizes)

    def draw(self, plan: CasePlan) -> Case:
        """The numbers of a case."""
        from gradcheck.specification.cases import draw

        return draw(self.sized(plan), plan.batch, plan.seed)


def _tuples(data: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """The data with tuples in the place of lists at these keys."""
    return {**data, **{key: tuple(data[key]) for key in keys if data[key] is not None}}
