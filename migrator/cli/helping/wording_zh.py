"""Chinese: the headings of help. They lie beside the commands, so that `--help` loads no other texts for them."""

from __future__ import annotations

HEADINGS = {"Usage: ": "用法：", "Options": "选项", "Commands": "命令", "Examples:": "示例："}
