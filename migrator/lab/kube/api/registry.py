"""Which resources are served now: the catalogue plus every CustomResourceDefinition. It stores no objects."""

from collections.abc import Iterable

from migrator.lab.kube.api.documents import Doc, rows, within
from migrator.lab.kube.api.kinds import Kind


class Registry:
    """Kinds by (group, version, plural), changed only by definitions being posted, changed or deleted."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._served: dict[tuple[str, str, str], Kind] = {}
        for kind in kinds:
            self.add(kind)

    def add(self, kind: Kind) -> None:
        """Serve `kind` under each of its versions, in place of an older kind of that name."""
        self.drop((kind.group, kind.plural))
        for version in kind.versions:
            self._served[kind.group, version, kind.plural] = kind

    def drop(self, name: tuple[str, str]) -> None:
        """Stop serving the kind of this group and plural; unknown ones are ignored."""
        for key in [key for key in self._served if (key[0], key[2]) == name]:
            del self._served[key]

    def find(self, group: str, version: str, plural: str) -> Kind | None:
        """Return the kind that serves this path, if any."""
        return self._served.get((group, version, plural))

    def of_kind(self, group: str, kind: str) -> Kind | None:
        """Return the kind by its Kind word, as owner references name it."""
        return next((known for known in self.kinds() if (known.group, known.kind) == (group, kind)), None)

    def kinds(self) -> list[Kind]:
        """Return every kind once."""
        return list({(kind.group, kind.plural): kind for kind in self._served.values()}.values())

    def groups(self) -> dict[str, list[str]]:
        """Return the versions of each group, preferred first; the core group is ``""``."""
        versions_of: dict[str, list[str]] = {}
        for group, version, _ in self._served:
            versions = versions_of.setdefault(group, [])
            if version not in versions:
                versions.append(version)
        return versions_of

    def under(self, group: str, version: str) -> list[Kind]:
        """Return the kinds of one group and version."""
        return [kind for (owner, served, _), kind in self._served.items() if (owner, served) == (group, version)]


def defined(definition: Doc) -> Kind | None:
    """Return the kind that a CustomResourceDefinition declares, or None if no version is served."""
    spec = definition["spec"]
    versions = [row for row in rows(spec, "versions") if row.get("served")]
    if not versions:
        return None
    names = within(spec, "names")
    return Kind(
        group=spec["group"],
        versions=tuple(row["name"] for row in versions),
        plural=names["plural"],
        kind=names["kind"],
        namespaced=spec.get("scope") != "Cluster",
        short=tuple(names.get("shortNames", ())),
        categories=tuple(names.get("categories", ())),
        subresources=frozenset(within(versions[0], "subresources")) & {"status"},
        counted=True,
        custom=True,
    )
