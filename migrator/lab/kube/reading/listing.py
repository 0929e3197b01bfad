"""Lists: selection, pages and the resource versions that they claim. It keeps no snapshots: later pages are current."""

import asyncio
import base64

from migrator.lab.kube.api.documents import Doc, decode, encode
from migrator.lab.kube.api.errors import ApiError, bad_request, expired
from migrator.lab.kube.api.selectors import selection
from migrator.lab.kube.objects.call import Call
from migrator.lab.kube.objects.storage import Record, Store

_PATIENCE_S = 3.0


def selected(store: Store, call: Call) -> list[Record]:
    """Return the objects that a list, watch or collection call selects."""
    labels, fields = call.query.get("labelSelector", ""), call.query.get("fieldSelector", "")
    test = selection(call.kind, labels, fields)
    records = store.each(call.kind.storage, call.namespace)
    return [record for record in records if test(record.doc)] if labels or fields else records


def page(store: Store, call: Call) -> tuple[list[Record], Doc]:
    """Return one page of a list and the list's metadata; raises ApiError 400, 410."""
    records = selected(store, call)
    version, start = store.version, None
    if token := call.query.get("continue"):
        version, start = _opened(token)
        if version < store.shelf(call.kind.storage).floor:
            raise _too_old(store, start)
    if start is not None:
        records = [record for record in records if (record.namespace, record.name) > start]
    limit = _number(call.query.get("limit", "0"))
    meta: Doc = {"resourceVersion": str(version)}
    if limit and len(records) > limit and call.query.get("resourceVersion") != "0":
        meta["continue"] = _token(version, records[limit - 1])
        meta["remainingItemCount"] = len(records) - limit
        records = records[:limit]
    return records, meta


async def await_version(store: Store, text: str) -> None:
    """Wait until the store has reached a resource version; raises ApiError 504 after three seconds."""
    wanted = _number(text)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE_S
    while store.version < wanted:
        if loop.time() > deadline:
            cause = {"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}
            message = f"Too large resource version: {wanted}, current: {store.version}"
            raise ApiError(504, "Timeout", message, {"causes": [cause], "retryAfterSeconds": 1})
        await asyncio.sleep(0.05)


def _number(text: str) -> int:
    if not text.isdecimal():
        if text:
            raise bad_request(f'strconv.ParseUint: parsing "{text}": invalid syntax')
        return 0
    return int(text)


def _token(version: int, last: Record) -> str:
    return base64.urlsafe_b64encode(encode({"v": version, "after": [last.namespace, last.name]})).decode()


def _opened(token: str) -> tuple[int, tuple[str, str]]:
    try:
        opened = decode(base64.urlsafe_b64decode(token))
        return int(opened["v"]), (opened["after"][0], opened["after"][1])
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise bad_request(f"continue key is not valid: {error}") from error


def _too_old(store: Store, start: tuple[str, str]) -> ApiError:
    error = expired(
        "The provided continue parameter is too old to display a consistent list result. You can start a new list"
        " without the continue parameter, or use the continue token in this response to retrieve the remainder of the"
        " results. Continuing with the provided token results in an inconsistent list - objects that were created,"
        " modified, or deleted between the time the first chunk was returned and now may show up in the list."
    )
    error.token = base64.urlsafe_b64encode(encode({"v": store.version, "after": list(start)})).decode()
    return error
