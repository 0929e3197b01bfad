"""Tencent Cloud CLB, API 3.0 version 2018-03-17, over the shared model. It knows nothing of sockets."""
