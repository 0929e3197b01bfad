"""Chinese: what the judge and the second opinion say, and what could not be counted."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "judge.ruling": "{ruling:word ruling}",
    "judge.ruled": "{ruling:word ruling}：{reason}",
    "judge.source": "{source:word source}",
    "judge.silent": "尚无判定",
    "judge.numbers": "新侧 {new:list}，旧侧 {old:list}",
    "judge.counts": "{requests} 个中有 {count} 个错误[（{share:number .2f}%）]",
    "judge.slow-counts": "{requests} 个中有 {count} 个超过 {over:number g} 秒[（{share:number .2f}%）]",
    "judge.client-counts": "{requests} 个中有 {count} 个 4xx",
    "judge.own-counts": "{requests} 个中有 {count} 个 4xx 由网关自身产生[（{share:number .2f}%）]",
    "judge.refused-counts": "{requests} 个中有 {count} 个既非 2xx 也非 3xx[（{share:number .2f}%）]",
    "judge.broken-counts": "{count} 个没有应答，另有 {answered} 个应答",
    "judge.collapse": "[网关 {gateway}：][监听器 {listener}：]只有新侧的大多数应答是错误：新侧 {new}，旧侧 {old}",
    "judge.collapse-unsure": "[网关 {gateway}：][监听器 {listener}：]只有新侧的大多数应答是错误，但也可能是其"
    "客户端所致：新侧 {new}，旧侧 {old}；请比对两侧的应答",
    "judge.mix-jumped": "[网关 {gateway}：][监听器 {listener}：]新侧的 4xx 明显增多：新侧 {new}，旧侧 {old}；"
    "请比对两侧的应答",
    "judge.broken": "[网关 {gateway}：]未得到应答就结束的请求增多：新侧 {new}，旧侧 {old}",
    "judge.failed": "判定器自身出错（{words}）：无人能说明新侧的状况",
    "judge.histogram-silent": "新网关已有 {seconds:number .0f} 秒没有给出应答耗时",
    "judge.bad": "新侧：{new}，旧侧 {old}",
    "judge.bad-gateway": "网关 {gateway}：{new}，旧侧 {old}",
    "judge.shared": "两侧同样有错误：新侧 {new}，旧侧 {old}",
    "judge.one-alone": "只有{source:word source}能说明新侧的状况（{silent}）；其结论为{ruling:word ruling}：{why}",
    "judge.no-request": "窗口内没有请求到达新侧",
    "judge.no-sample": "没有新侧的采样",
    "judge.sample-old": "新侧最近一次采样已是 {age:number .0f} 秒前",
    "judge.no-scrape": "计划没有配置抓取（scrape）",
    "judge.not-counted": "尚未统计",
    "judge.count-old": "已有 {age:number .0f} 秒没有统计",
    "judge.other": "判定者 {name} 的结论：{ruling:word ruling}[：{why}]",
    "judge.other-once": "判定者 {name} 的结论：{ruling:word ruling}[：{why}]；再看一次后决定",
    "judge.other-silent": "判定者 {name} 没有结论[（{why}）]",
    "judge.other-unreadable": "应答不是含有 `verdict`（pass、hold 或 abort）的 JSON 对象",
    "judge.balancer": "负载均衡发往新侧的 {asked:number} 个连接中，{failed} 个失败，{bad} 个得到 5xx：{share:number .3g} %，"
    "旧侧为 {old:number .3g} %",
    "judge.balancer-few": "负载均衡只向新侧发送了 {asked:number} 个连接，太少",
    "judge.balancer-anew": "负载均衡的计数器重新开始计数",
    "judge.balancer-unmonitored": "驱动 {provider} 不读取负载均衡自身的计数器：请从计划中去掉带 `balancer: true` 的判定者。没"
    "有询问任何对象",
    "judge.others-pass": "计划自定的 {count:number} 个判定者均通过",
    "judge.prometheus-not-yet": "Prometheus 尚未应答",
    "judge.prometheus-empty": "Prometheus 无法说明新侧的状况",
    "judge.query-above": "{name} 为 {value:number g}，高于 {limit:number g}",
    "judge.query-below": "{name} 为 {value:number g}，低于 {limit:number g}",
    "judge.query-no-number": "查询 {name} 没有返回数值",
    "judge.queries-pass": "{count:count 个查询}都在限度之内",
    "prometheus.answers-again": "Prometheus 已恢复应答",
    "prometheus.empty": "它没有新侧的数据",
    "prometheus.not-yet": "尚无应答",
    "prometheus.quiet": "Prometheus 已有 {quiet:number .0f} 秒没有给出新侧的数据（{why}）；在它恢复之前，只有"
    "网关计数器在保护本任务",
}
