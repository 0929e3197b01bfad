"""What a resource kind is. The list of kinds that this server knows from the start is in `catalog`."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kind:
    """One resource type. All its `versions` share one storage, as in the real server."""

    group: str
    versions: tuple[str, ...]
    plural: str
    kind: str
    namespaced: bool = True
    short: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subresources: frozenset[str] = field(default=frozenset())
    counted: bool = False  # metadata.generation exists and grows with the spec
    home: str | None = None  # the group whose storage it shares, if not its own
    custom: bool = False  # from a CustomResourceDefinition: no strategic merge, items carry their kind

    @property
    def resource(self) -> str:
        """The name in messages: `pods`, `deployments.apps`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def storage(self) -> tuple[str, str]:
        """The key under which objects of every version live."""
        return (self.group if self.home is None else self.home, self.plural)

    @property
    def singular(self) -> str:
        """The lower-case name that kubectl accepts."""
        return self.kind.lower()

    def api_version(self, version: str) -> str:
        """Return `v1` or `apps/v1`."""
        return f"{self.group}/{version}" if self.group else version
