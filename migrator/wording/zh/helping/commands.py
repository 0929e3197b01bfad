"""Chinese: what the commands say that help to begin."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "view.plans-alike": "计划 {plan} 与 {other} 的目标、所见和步骤都相同。",
    "view.versions": "migrator {migrator}，Python {python}\n状态库：schema {store}；可读取并升级 {stores}\n计"
    "划文件：{plan_file}；由 `plan -o` 保存的计划：格式 {saved_plan}",
}
