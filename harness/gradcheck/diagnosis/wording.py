"""What is written of mistakes in the answers to a spec: its equations, in its notation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradcheck.mistakes.equations import Equations
from gradcheck.mistakes.records import Fault
from gradcheck.mistakes.statements import Statements
from gradcheck.quantity import Quantity
from gradcheck.specification.records import Spec
from gradcheck.verdict.records import Correction


@dataclass(frozen=True)
class Wording:
    """Of one spec."""

    spec: Spec
    asked: Sequence[str]
    equations: Equations

    def correction(self, fault: Fault) -> Correction:
        """The equation that the mistake makes; of ∂J/∂a as such where the spec asks for it."""
        statements = self._of_fault(fault)
        mistake, asked = fault.mistake, Quantity("a", fault.layers[-1], is_gradient=True).name
        if "a" in mistake.of and asked in self.asked and not mistake.builds_on:
            right, wrong = statements.of_itself(mistake)
        else:
            right, wrong = statements.of_mistake(mistake)[0]
        clause = statements.clause(mistake.says) + self._likewise(fault)
        return Correction(wrong, right, self._within(statements, right, clause))

    def _within(self, statements: Statements, right: str, clause: str) -> str:
        """The clause; of ∂J/∂a within an equation of δ it says so, since nobody has to write it apart."""
        layer = statements.layer
        names = (n for n in (f"da{layer}", f"dh{layer}") if n in self.equations.known)
        delta, backs = f"dz{layer}", [statements.called(name) for name in names]
        is_delta = delta in self.equations.known and right.startswith(f"{statements.called(delta)} = ")
        if is_delta and any(clause.startswith(f"{back} ") for back in backs):
            return f"in {statements.called(delta)}, {clause}"
        return clause

    def _likewise(self, fault: Fault) -> str:
        """Where else the mistake is made; ∂J/∂ the input counts where it is asked for."""
        layers = [layer for layer in fault.layers if layer or "dx" in self.asked]
        if len(layers) == 1 or fault.mistake.scope == "network":
            return ""
        return f", and likewise in the layer{'s' * (len(layers) > 2)} before"

    def _of_fault(self, fault: Fault) -> Statements:
        """Of the last of the layers, which the reverse pass comes to first."""
        unknown = {fault.mistake.unknown: fault.unknown} if fault.mistake.unknown else {}
        return self.statements(fault.layers[-1], unknown)

    def statements(self, layer: int, values: Mapping[str, float]) -> Statements:
        """At a layer, with the values of unknown numbers."""
        single = all(plan.batch == 1 for plan in self.spec.cases)
        return Statements(self.spec.layered_notation, self.equations, layer, values, single=single)
