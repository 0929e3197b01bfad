"""Chinese: what is wrong with a plan file, and what may stand there instead."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "planfile.faults": "{file} 有 {faults:number} 处错误。未做任何改动。\n{faults:lines}",
    "planfile.fault": "  {subject}：[{path}：]{fault}[（{allowed}）]",
    # Faults.
    "planfile.no-such-key": "计划文件没有键 {key}[（是否想写 {meant:or}？）]。未做任何改动。`migrator schema` "
    "打印全部键",
    "fault.empty": "文件为空",
    "fault.no-map": "文件内容不是键值映射",
    "fault.too-large": "文件超过 {limit} MiB",
    "fault.too-deep": "嵌套超过 {levels} 层",
    "fault.too-many": "文件中的值超过 {most} 个，别名（*name）每用一次计一次",
    "fault.alias-in-itself": "该别名（*name）出现在它所指的值内部，会无限展开",
    "fault.merge-key": "不支持合并键（<<）：请把各个键写出来",
    "fault.several-documents": "文件中有多个 YAML 文档（有 --- 行）：每个文件只写一个计划",
    "fault.not-yaml": "不是 YAML：{error}",
    "fault.key-not-text": "键必须是纯文本",
    "fault.key-twice": "该键出现了两次（第一次在第 {line} 行）",
    "fault.key-not-allowed": "不允许使用该键",
    "fault.unreadable": "无法作为 {type} 读取",
    "fault.unknown-key": "未知的键",
    "fault.missing": "缺失",
    "fault.no-value": "没有值",
    "fault.not-allowed": "不允许 {given}",
    "given.map": "映射",
    "given.empty-map": "空映射",
    "given.list": "列表",
    "given.empty-list": "空列表",
    "given.empty-text": "空文本",
    # Rules between values.
    "rule.port": "{port} 不是端口（1 到 65535）",
    "rule.ports-one-to-one": "两个旧端口对应了同一个新端口",
    "rule.channels-distinct": "同一个通道出现了两次",
    "rule.listeners-distinct": "同一个监听器 id 出现了两次",
    "rule.shares-rise": "shares 必须逐个递增",
    "rule.last-share": "最后一个 share 必须是 100",
    "rule.max-soak": "maxSoak 不能短于 soak",
    "rule.hold-abort": "hold 不能高于 abort",
    "rule.replay": "{method} 可能会改变后端的数据；如果多次请求不会有害，请写 `replay: safe`",
    "rule.certificate-key": "certificate 和 key 必须同时给出",
    "rule.authorization-twice": "authorization 出现了两次：单独一次，headers 下一次",
    "rule.queries-distinct": "同一名称出现了两次",
    "rule.query-limit": "查询需要上限或下限：hold、abort 或两者",
    "rule.query-order": "abort 必须超出 hold：不得低于它；`when: below` 时不得高于它",
    "rule.secret-header": "{header} 含有机密，会随计划一起保存；请在 headersFromEnv 下写明存放它的环境变量",
    "rule.question-port": "计划中没有端口为 {port} 的监听器（现有：{ports:list}）；请在 URL 中写明端口",
    "fault.recorded-unreadable": "无法读取 {path}：{why}",
    "fault.recorded-no-har": "{path} 不是 HAR 文件（含 log.entries 的 JSON）",
    "fault.recorded-empty": "{path} 中没有可用于本计划的请求：找到 {found:number} 个 GET、HEAD 或 OPTIONS 请求"
    "，但没有针对端口 {ports:list} 的",
    # What is allowed.
    "allowed": "允许：{what}",
    "allowed.nothing": "不允许任何值",
    "allowed.in-quotes": "允许：{what}；请加引号",
    "allowed.without-quotes": "允许：{what}；请不要加引号",
    "allowed.keys": "[{meant} ]允许：{keys:list}",
    "allowed.no-key": "不允许任何键",
    "allowed.did-you-mean": "是否想写 {key}？",
    "allowed.port-in-quotes": "允许：带引号的端口，1 到 65535",
    "allowed.example": "可从 plans/lab.yaml 改起",
    "allowed.one-of": "{values:or}",
    "allowed.anything": "任意值",
    "allowed.map-of-keys": "含有键 {keys:list} 的映射",
    "allowed.map": "映射[，至少 {least:number} 个键][，每个值为{each}]",
    "allowed.list": "列表[，至少 {least} 项][，至多 {most} 项]；每项为{each}",
    "allowed.number": "数字[（大于 {above:number g}）][（不小于 {least:number g}）][（不大于 {most:number g}）]",
    "allowed.whole-number": "整数[（大于 {above:number g}）][（不小于 {least:number g}）][（不大于 {most:number g}）]",
    "allowed.text": "文本",
    "allowed.text-not-empty": "非空文本",
    # Codes that cannot be waived.
    "code.unknown": "没有编码为 {code} 的发现项；全部编码见 docs/checks.md",
    "code.unknown-near": "没有编码为 {code} 的发现项；是否想写 {near}？[（{meaning}）]",
}

FINDINGS: dict[str, tuple[str, ...]] = {
    "planfile.invalid": (
        "[{path}：]{fault}",
        "",
        "[{allowed}]",
    ),
}
