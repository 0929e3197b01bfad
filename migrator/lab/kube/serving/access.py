"""What somebody wants to do, and a rule that may allow it. Pure values."""

from dataclasses import dataclass

from migrator.lab.kube.api.documents import Doc

EVERYWHERE: frozenset[str] = frozenset()
"""The namespaces of a rule that holds in all of them, and for what has none."""


@dataclass(frozen=True, slots=True)
class Access:
    """One thing that somebody wants to do. `resource` is the plural, with `/subresource` if any."""

    verb: str
    group: str
    resource: str
    namespace: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a user may do; `*` stands for everything, empty `namespaces` for all of them, empty `names` for all objects."""

    groups: frozenset[str]
    resources: frozenset[str]
    verbs: frozenset[str]
    namespaces: frozenset[str]
    names: frozenset[str] = frozenset()

    def allows(self, access: Access) -> bool:
        """Return whether this rule grants `access`."""
        where = not self.namespaces or "*" in self.namespaces or access.namespace in self.namespaces
        named = not self.names or access.name in self.names
        return (
            where
            and named
            and all(
                "*" in granted or asked in granted
                for granted, asked in (
                    (self.groups, access.group),
                    (self.resources, access.resource),
                    (self.verbs, access.verb),
                )
            )
        )

    @property
    def shown(self) -> Doc:
        """The rule as a SelfSubjectRulesReview prints it."""
        return {
            "verbs": sorted(self.verbs),
            "apiGroups": sorted(self.groups),
            "resources": sorted(self.resources),
        }
