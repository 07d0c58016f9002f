"""A pack whose specs are generated code: what judges documents, made as they ask for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from policy.dsl.compiling.compiler import Compiled, compile_spec
from policy.dsl.compiling.linkers import Linker, linker_of
from policy.dsl.meaning.plan import SpecPlan
from policy.pack import Pack


@dataclass(kw_only=True)
class ReadyPack:
    """A pack, and generated code for each spec of it that some document was judged by."""

    pack: Pack
    _compiled: dict[tuple[str, str], Compiled] = field(default_factory=dict, repr=False)

    @cached_property
    def linker(self) -> Linker:
        """What makes documents that generated code can read."""
        return linker_of(self.pack.schema.types)

    def compiled(self, spec: SpecPlan) -> Compiled:
        """Return the generated code of a spec of the pack."""
        key = (spec.name, spec.edition)
        if key not in self._compiled:
            self._compiled[key] = compile_spec(spec, self.pack.schema.types)
        return self._compiled[key]
