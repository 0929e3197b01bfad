"""Watches: what they replay, what they filter, how they end."""

from tests.lab.kube.world import config_map, until


def version(space):
    return space.get("configmaps")["metadata"]["resourceVersion"]


def test_a_watch_from_a_list_sees_all_that_came_later(space, server):
    since = version(space)
    space.make("configmaps", config_map("a"))
    watch = server.watch(space.path("configmaps"), resourceVersion=since)
    space.send("PATCH", "configmaps/a", {"data": {"b": "2"}}, "merge")
    space.send("DELETE", "configmaps/a")
    seen = watch.seen(3)
    versions = [int(event["object"]["metadata"]["resourceVersion"]) for event in watch.events]
    watch.close()

    assert seen == [("ADDED", "a"), ("MODIFIED", "a"), ("DELETED", "a")]
    assert versions == sorted(set(versions))


def test_a_watch_without_a_version_begins_with_what_exists(space, server):
    space.make("configmaps", config_map("a"))
    watch = server.watch(space.path("configmaps"))
    seen = watch.seen(2)
    watch.close()

    assert seen == [("ADDED", "a"), ("ADDED", "kube-root-ca.crt")]


def test_an_object_that_leaves_the_selection_is_deleted_for_the_watcher(space, server):
    space.make("configmaps", config_map("a", labels={"in": "y"}))
    watch = server.watch(space.path("configmaps"), resourceVersion=version(space), labelSelector="in=y")
    space.make("configmaps", config_map("b"))
    space.send("PATCH", "configmaps/a", {"metadata": {"labels": {"in": "n"}}}, "merge")
    space.send("PATCH", "configmaps/b", {"metadata": {"labels": {"in": "y"}}}, "merge")
    seen = watch.seen(2)
    watch.close()

    assert seen == [("DELETED", "a"), ("ADDED", "b")]


def test_a_watch_ends_at_its_timeout(space, server):
    watch = server.watch(space.path("configmaps"), timeoutSeconds=1, resourceVersion=version(space))

    assert watch.ended()
    assert watch.events == []


def test_a_version_from_before_the_window_is_expired(start):
    server = start("--watch-window", "3")
    path = "/api/v1/namespaces/default/configmaps"
    since = server.send("GET", path)[1]["metadata"]["resourceVersion"]
    for name in "abcd":
        server.send("POST", path, config_map(name))
    watch = server.watch(path, resourceVersion=since)

    assert watch.ended()
    [event] = watch.events
    assert event["type"] == "ERROR"
    assert (event["object"]["code"], event["object"]["reason"]) == (410, "Expired")


def test_a_version_inside_the_window_is_replayed(start):
    server = start("--watch-window", "3")
    path = "/api/v1/namespaces/default/configmaps"
    server.send("POST", path, config_map("a"))
    since = server.send("GET", path)[1]["metadata"]["resourceVersion"]
    for name in "bcd":
        server.send("POST", path, config_map(name))
    watch = server.watch(path, resourceVersion=since)
    seen = watch.seen(3)
    watch.close()

    assert seen == [("ADDED", "b"), ("ADDED", "c"), ("ADDED", "d")]


def test_a_version_of_an_earlier_server_is_expired(start):
    path = "/api/v1/configmaps"
    first = start()
    since = first.send("GET", path)[1]["metadata"]["resourceVersion"]
    first.close()
    second = start()
    watch = second.watch(path, resourceVersion=since)

    assert watch.ended()
    assert watch.events[0]["object"]["code"] == 410


def test_an_old_continue_token_is_expired_and_comes_with_a_new_one(start):
    server = start("--watch-window", "3")
    path = "/api/v1/namespaces/default/configmaps"
    for name in "abcd":
        server.send("POST", path, config_map(name))
    token = server.send("GET", path, query={"limit": 2})[1]["metadata"]["continue"]
    for name in "efgh":
        server.send("POST", path, config_map(name))
    code, status = server.send("GET", path, query={"limit": 2, "continue": token})
    again, rest = server.send("GET", path, query={"continue": status["metadata"]["continue"]})

    assert (code, status["reason"], again) == (410, "Expired", 200)
    assert [item["metadata"]["name"] for item in rest["items"]] == [*"cdefgh", "kube-root-ca.crt"]


def test_a_streaming_list_ends_its_beginning_with_a_bookmark(space, server):
    space.make("configmaps", config_map("a"))
    options = {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan", "allowWatchBookmarks": "true"}
    watch = server.watch(space.path("configmaps"), **options)
    seen = watch.seen(3)
    marks = watch.events[2]["object"]["metadata"]["annotations"]
    watch.close()

    assert [word for word, _ in seen] == ["ADDED", "ADDED", "BOOKMARK"]
    assert marks == {"k8s.io/initial-events-end": "true"}


def test_a_watch_of_all_namespaces_sees_each(space, server):
    watch = server.watch("/api/v1/configmaps", resourceVersion=version(space))
    space.make("configmaps", config_map("everywhere"))
    until(lambda: ("ADDED", "everywhere") in watch.seen(0), "the event")
    watch.close()


def test_a_table_watch_sends_tables(space, server):
    space.make("configmaps", config_map("a"))
    accept = "application/json;as=Table;v=v1;g=meta.k8s.io"
    _, table = space.send("GET", "configmaps", accept=accept)

    assert table["kind"] == "Table"
    assert [column["name"] for column in table["columnDefinitions"]] == ["Name", "Data", "Age"]
    assert table["rows"][0]["cells"][:2] == ["a", 1]
