"""How Aliyun's APIs are reached: signed calls, and where credentials come from."""
