"""Chinese: what the commands say that help to begin."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "init.head": "{name} 的计划文件，由 `migrator init` 生成。下一步：`migrator verify FILE` 列出所有阻碍，不做任何改动。"
    "`migrator explain KEY` 解释每个字段。时长带单位（30s、10m），百分比带百分号。"
    "不要在这里写凭据：驱动从环境变量和常用文件中读取。",
    "init.often": "以下是经常修改的字段及其默认值。需要哪个就去掉它的注释符号。",
    "init.found-source": "已找到：类型为 {kind} 的网关，{ready:count 个 Pod} 就绪。",
    "init.found-nodes": "已找到：{nodes:count 个节点}中的 {chosen} 个会运行新网关。",
    "init.listener": "{listener} 有 {backends:count 个后端}",
    "init.listeners": "已找到：{rows:list}。",
    "init.balancer-silent": "无法查询负载均衡：{why}",
    "init.candidate": "  {name}：类型 {kind}，{ready:count 个 Pod} 就绪",
    "init.named": "Service {service} 指明了负载均衡 {id}（提供方 {provider}）。",
    "init.ask-source": "现在提供服务的是哪个 Deployment 或 DaemonSet（NAMESPACE/NAME）？",
    "init.ask-target": "新 DaemonSet 叫什么名字？",
    "init.ask-nodes": "哪些节点要运行网关？请写标签，如 node-role=gateway，多个用逗号分隔；留空表示全部 {nodes} 个节点。",
    "init.ask-provider": "负载均衡由谁提供？{known:list}",
    "init.ask-balancer": "负载均衡的 ID 是什么？",
    "init.ask-region": "它在哪个地域（如果提供方区分地域）？",
    "init.ask-listeners": "哪些监听器通向这个网关，客户端访问的端口是什么（lbl-80=80 lbl-443=443）？",
    "init.ask-endpoint": "云厂商 API 的地址，仅在不用公网地址时填写（留空：用公网地址）？",
    "init.ask-ports": "新网关的监听端口，仅列出与旧网关不同的（8080=80 8443=443；留空：相同）？",
    "init.ask-option": "驱动需要哪个选项（KEY=VALUE）？",
    "init.ask-address": "客户端访问的地址是什么？负载均衡无法给出。",
    "init.ask-probe-host": "哪个域名会由网关的路由应答（留空：没有）？",
    "init.ask-after": "任务结束后，新增节点由谁注册："
    "controller（云厂商的控制器）、migrator（`migrator follow`）还是 manual（人工）？",
    "init.missing": "这里无法提问，缺少以下选项：{options:list}。没有写入任何文件。"
    "请补上这些选项，或在终端中执行该命令。",
    "init.no-source": "集群中没有 {refs:or}。没有写入任何文件。"
    "`kubectl get deployments,daemonsets -A` 列出现有的工作负载。",
    "init.which-kind": "名为 {name} 的 Deployment 和 DaemonSet 都存在。没有写入任何文件。请指明：--source KIND/NAMESPACE/NAME"
    "。",
    "init.which-source": "有多个工作负载像是网关：{found:list}。没有写入任何文件。请用 --source 指定一个。",
    "init.no-pair": "需要 {usage}，不能是“{given}”。没有写入任何文件。示例见 `migrator init --help`。",
    "init.file-there": "{file} 已经存在。没有写入任何文件。请用 -o 指定另一个文件，或用 --force 覆盖它。",
    "init.not-written": "无法写入 {file}：{why}。",
    "retro.head": "对过去的判定：从 {begin} 到 {end}，每 {every:seconds}一次，仅依据 Prometheus：",
    "retro.bars": "{own:choose 计划的限度|另一组限度}：高于 {hold:percent} 停住，高于 {abort:percent} 回退，"
    "窗口为 {window:seconds}",
    "retro.looks": "{ruling:word ruling} {count}",
    "retro.stretch": "{ruling:word ruling}：{reason}",
    "retro.back": "任务会在 {at} 回退。",
    "retro.no-back": "任务不会回退。",
    "guard.listens": "任务 {run}（{name}）由 {driver} 执行。若再无迹象，{left:seconds}后将回退任务。",
    "guard.no-record": "没有 {namespace}/{gateway} 的任务记录：任务已结束或尚未开始。没有需要守护的任务。",
    "guard.ended": "任务 {run}（{name}）已结束，不再需要守护。",
    "guard.no-way-back": "任务 {run}（{name}）已移除旧工作负载：无法回退，没有做任何更改。",
    "guard.nothing-at-stake": "任务 {run}（{name}）失联，但新侧没有流量：不做任何更改。",
    "guard.takes-back": "任务 {run}（{name}）：{driver} 失联的时间已达到计划的上限。现在回退任务。",
    "guard.blind": "目前无法看清全部情况（{why}）。不做任何更改；会再次查看，看不到的时间不计为沉默。",
    "view.awaiting": "还没有任务开始。`migrator run` 开始后会显示在这里；按 Ctrl-C 结束等待。",
    "view.begun": "已写入 {file}[，旁边的 {schema} 供编辑器使用]。下一步：`migrator verify {file}`。",
    "view.plans-alike": "计划 {plan} 与 {other} 的目标、所见和步骤都相同。",
    "view.versions": "migrator {migrator}，Python {python}\n状态库：schema {store}；可读取并升级 {first} 至 {last}\n计"
    "划文件：{plan_file}；由 `plan -o` 保存的计划：格式 {saved_plan}",
}
