"""Chinese: the words of closed sets, and the small words between values (the table "").

It has more tables than English, where a code is often a word already: the states, headings, requests and a backend's health.
"""

from __future__ import annotations

from migrator.wording.zh.hidden import HIDDEN
from migrator.wording.zh.views.labels import LABELS

WORDS: dict[str, dict[str, str]] = {
    "": {
        "unknown": "未知",
        "unknown number": "不知多少",
        "plural": "",
        " %": "%",
        ", ": "、",
        "; ": "；",
        " ": "",
        " and ": "和",
        " or ": "或",
        " and # more": "，另有 # 个",
        "d": "天",
        "h": "小时",
        "min": "分",
        "s": "秒",
    },
    "protocol": {
        "h2": "HTTP/2",
        "grpc": "gRPC",
        "websocket": "WebSocket",
    },
    "concern": {
        "headers": "响应头",
        "redirect": "重定向目标",
        "unproved": "没有正常应答的站点",
        "inside": "从集群内部询问",
    },
    "exposure": {
        "NodePort Service": "NodePort Service",
        "NodePort Service with externalTrafficPolicy Local": "externalTrafficPolicy 为 Local 的 NodePort Service",
        "pods dialled directly": "直连 Pod 地址",
        "unknown": "未知",
    },
    "advice": {
        "exposing": "如何暴露网关",
        "reaching": "负载均衡如何看到单个网关",
        "ending": "终止中的网关如何从负载均衡摘除",
        "turning": "新建连接还会在多长时间内到达终止中的网关",
    },
    "ask": {
        "pause": "暂停",
        "resume": "继续",
        "rollback": "回滚",
        "approve": "批准",
        "set": "设置",
    },
    "facet": {
        "AnswerParity": "两侧的应答",
        "AskedOfBoth": "两侧各被询问了多少",
        "Called": "计划的钩子",
        "PreflightResult": "预检结果",
        "Configs": "网关的配置",
        "LogLook": "网关的日志",
        "ConnectionCounts": "连接数",
        "Hosts": "节点",
        "Objects": "集群中的对象",
        "OpState": "负载均衡的异步任务",
        "Pools": "负载均衡",
        "Probes": "我们自己的请求",
        "GatewaySignals": "网关收到的通知",
        "Sides": "后端对应的 Pod",
        "Workloads": "工作负载",
    },
    "checklist": {
        "workload": "新 Workload 配置已验证",
        "backends": "负载均衡后端可以动态修改",
        "alarms": "监控告警已就位",
        "way-back": "回滚方案已准备",
        "ready": "新网关所有 Pod Ready",
        "healthy": "新网关健康检查通过",
        "shares": "流量逐步切换",
        "watched": "持续观察错误率",
        "drained": "旧网关连接已排空",
        "retired": "旧网关已下线",
        "metrics": "监控指标正常",
        "documents": "文档已更新",
    },
    "phase": {
        "before": "切换前",
        "during": "切换中",
        "after": "切换后",
    },
    "fate": {
        "serve": "提供服务",
        "rest": "暂不接流量",
        "stay": "保持原状",
        "leave": "离开",
    },
    "heading": {
        "forward": "前进",
        "back": "回滚",
    },
    "allowed": {
        "a duration with units, like 30s, 10m, 1h30m or 500ms": "带单位的时长，如 30s、10m、1h30m 或 500ms",
        "a percentage with its sign, from 0% to 100%, like 0.1%": "带百分号的百分比，0% 到 100%，如 0.1%",
        "a port in quotes, from 1 to 65535": "加引号的端口，1 到 65535",
        "a Kubernetes name: lower case letters, digits, - and ., at most 253 of them": "Kubernetes 名称：小写字母、数字、- 和 "
        ".，最多 253 个字符",
        "a name of lower case letters, digits and -, at most 30 of them, that begins with a letter, like ops": "由小写字母"
        "、数字和 - 组成的名称，最多 30 个字符，以字母开头，如 ops",
        "a URL like https://name:9090, without user or password": "形如 https://name:9090 的 URL，不含用户名和密码",
        "the name of an HTTP header": "HTTP 头的名称",
        "the name of an environment variable, never the secret itself": "环境变量的名称，绝不是密钥本身",
        "where the secret is, never the secret itself: env:NAME or file:/a/path": "密钥所在的位置，绝不是密钥本身：env:NAME 或 "
        "file:/a/path",
        "bearer or basic and where the secret is (env:NAME or file:/a/path), or aws, a region and a service, like bearer "
        "env:TOKEN, basic file:/a/path or aws eu-west-1": "bearer 或 basic 加密钥所在的位置（env:NAME 或 file:/a/path），或 "
        "aws 加地域和服务，如 bearer env:TOKEN、basic file:/a/path 或 aws eu-west-1",
        "a path that begins with /": "以 / 开头的路径",
        "a rate like 5/s or 30/m, at most 1000/s": "速率，如 5/s 或 30/m，最大 1000/s",
        "a URL like https://shop.example.com/cart, without user or fragment": "形如 https://shop.example.com/cart 的 URL，"
        "不含用户名和片段",
        'a time of day in quotes, like "22:00"': '加引号的时刻，如 "22:00"',
        'a moment with its offset in quotes, like "2027-01-24T00:00+08:00"': "加引号且带时区偏移的时间点，如 "
        '"2027-01-24T00:00+08:00"',
        "a time zone's name, like Asia/Shanghai": "时区名称，如 Asia/Shanghai",
        "two durations with .. between, like 5m..1h": "两个时长，中间用 .. 连接，如 5m..1h",
    },
    "health": {
        "healthy": "健康",
        "unhealthy": "不健康",
        "pending": "检查中",
        "unknown": "状态未知",
    },
    "hidden": HIDDEN,
    "label": LABELS,
    "moment": {
        "began": "已开始",
        "share": "已达到流量比例",
        "waits": "等待人工确认",
        "held": "暂缓推进",
        "turned-back": "已转入回滚",
        "halted": "已停止推进",
        "ended": "已结束",
        "unwatched": "无人看护",
    },
    "move": {
        "start": "开始",
        "pause": "暂停",
        "resume": "继续",
        "ask": "提问",
        "answer": "回答问题",
        "halt": "停止推进",
        "turn_back": "转入回滚",
        "complete": "完成",
        "return": "结束回滚",
        "cancel": "取消",
    },
    "request": {
        "pause": "暂停",
        "resume": "继续",
        "rollback": "回滚",
        "approve": "批准",
        "set": "设置",
    },
    "ruling": {
        "pass": "通过",
        "hold": "暂缓",
        "abort": "中止",
        "too-few": "请求太少",
        "no-data": "无数据",
        "shared": "两侧同样有错误",
    },
    "health check": {
        "stays": "保持正常",
        "fails": "变为异常",
        "closed": "得不到应答",
    },
    "clients": {
        "served": "全部照常服务",
        "asked": "全部照常服务，并请其离开",
        "refused": "拒绝新客户端",
    },
    "known": {
        "tried": "用真实进程试过",
        "read": "从其源码读出",
    },
    "hooked": {
        "deploy": "部署",
        "attach": "接入",
        "shares": "切流",
        "drain": "排空旧侧",
        "retire": "下线旧侧",
    },
    "served": {
        "pages": "页面和指标",
        "measures": "指标",
    },
    "side": {
        "old": "旧侧",
        "new": "新侧",
    },
    "source": {
        "gateway counters": "网关计数器",
        "Prometheus": "Prometheus",
    },
    "state": {
        "planned": "已规划",
        "running": "执行中",
        "paused": "已暂停",
        "waiting": "等待人工确认",
        "halted": "已停止推进",
        "completed": "已完成",
        "rolled-back": "已回滚",
        "cancelled": "已取消",
    },
    "taint": {
        "operator": "运维人员已标记",
        "autoscaler": "Cluster Autoscaler 正在移除它",
        "karpenter": "Karpenter 正在移除它",
        "shut-down": "云厂商已将其关机",
        "out-of-service": "已停止服务",
        "cloud": "云厂商即将收回它",
    },
    "told": {
        "go": "排空",
        "stay": "继续服务",
    },
    "unit": {
        "new connections": "新建连接",
        "requests": "请求",
    },
    "write state": {
        "unanswered": "没有得到应答",
        "lost": "负载均衡已不记得该写操作",
        "done": "负载均衡报告已完成",
        "running": "负载均衡仍在处理",
    },
}
