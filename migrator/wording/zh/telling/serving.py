"""Chinese: why pages or measures cannot be served."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "view.serving": "正在 {url} 提供{what:word served}。按 Ctrl-C 结束；不影响任何任务。",
    "serve.no-address": "{option} 需要 127.0.0.1:{port} 这样的地址和端口，不能是“{given}”。没有提供任何服务。"
    "请按此格式书写。",
    "serve.no-certificate": "无法使用证书 {certificate} 和私钥 {key}（{why}）。私钥必须与证书匹配，且没有密码。",
    "serve.half-certificate": "--certificate 和 --key 必须同时给出。",
    "serve.no-token": "{host} 可从其他机器访问，而环境变量 {variable} 中没有至少 {least} 个字符的令牌。没有提"
    "供任何服务。请设置令牌，或监听 127.0.0.1。",
    "serve.short-token": "{variable} 中的令牌少于 {least} 个字符。没有提供任何服务。请设置更长的令牌。",
    "serve.not-bound": "无法监听 {host}:{port}：{why}。没有提供任何服务；不影响任何任务。",
    "serve.no-client": "没有安装 prometheus-client：请安装 `migrator[[metrics]]`。没有提供指标；不影响任何任务。",
    "serve.not-written": "无法把指标写入 {file}：{why}。未做任何改动。",
}
