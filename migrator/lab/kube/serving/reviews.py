"""SelfSubjectAccessReview and its relatives: what a user may do, answered from the same rules that guard requests."""

from migrator.lab.kube.api.documents import Doc, within
from migrator.lab.kube.api.errors import bad_request
from migrator.lab.kube.serving.access import Access
from migrator.lab.kube.serving.auth import User

PREFIX = "/apis/authorization.k8s.io/v1/"


def review(user: User, path: str, body: Doc) -> Doc:
    """Return the review with its status; raises ApiError 400 for one that this server does not answer."""
    word = path.removeprefix(PREFIX).rpartition("/")[2]
    if word == "selfsubjectaccessreviews":
        return {**body, "status": _verdict(user, within(body, "spec"))}
    if word == "selfsubjectrulesreviews":
        rules = [rule.shown for rule in user.rules]
        return {**body, "status": {"resourceRules": rules, "nonResourceRules": [], "incomplete": False}}
    raise bad_request(f"this server does not answer {word}")


def _verdict(user: User, spec: Doc) -> Doc:
    asked = within(spec, "resourceAttributes")
    if not asked:
        return {"allowed": bool(within(spec, "nonResourceAttributes")), "reason": ""}
    resource = asked.get("resource", "") + (f"/{asked['subresource']}" if asked.get("subresource") else "")
    where = (asked.get("namespace", ""), asked.get("name", ""))
    return {"allowed": user.may(Access(asked.get("verb", ""), asked.get("group", ""), resource, *where))}
