"""Chinese: single keys on the one screen."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "keys.row": "按键：{keys:list}",
    "keys.help": "? 帮助",
    "keys.pause": "p 暂停",
    "keys.resume": "r 继续",
    "keys.approve": "a 批准",
    "keys.rollback": "b 回滚",
    "keys.leave": "q 退出",
    "keys.about-pause": "p：不再推进；任务仍有人看护，新侧异常时自动回滚",
    "keys.about-resume": "r：任务继续推进（先确认）",
    "keys.about-approve": "a：批准上面的问题（先确认）",
    "keys.about-rollback": "b：把流量切回旧侧（先确认）",
    "keys.about-leave": "q：结束本进程；此后任务无人看护（先确认）",
    "keys.about-leave-watching": "q：只结束观看，不影响任务",
    "keys.sure-resume": "继续推进任务 {run}？按 y 确认（{within:seconds}内有效），按其他键取消",
    "keys.sure-approve": "批准：{question} 按 y 确认（{within:seconds}内有效），按其他键取消",
    "keys.sure-rollback": "把任务 {run} 的流量切回旧侧？按 y 确认（{within:seconds}内有效），按其他键取消",
    "keys.sure-leave": "退出任务 {run}？任务保持现状，但此后无人看护。按 y 确认（{within:seconds}内有效），按其他键取消",
    "keys.nothing-done": "未执行。",
    "keys.unanswered": "【未执行】{within:seconds}内没有确认。如仍需要，请再按 {key}",
    "keys.moved-on": "【未请求】{request}：任务 {run} 的状态在此期间已变化[。如仍需要，请执行：{command}]",
    "keys.asked": "已请求：{request}，约一秒内生效。",
}
