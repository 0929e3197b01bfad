"""Chinese: what each option means, by its English words: one that is changed or new has none, and fails a test."""

from __future__ import annotations

EXTRAS = {"default: ": "默认：", "required": "必填"}
"""What click puts behind it, in brackets."""

OPTIONS = {
    "Show the version and exit.": "显示版本并退出。",
    "The language of messages and findings [default: MIGRATOR_LANG, else the locale's].": (
        "消息和发现项的语言 [默认：MIGRATOR_LANG，否则按 locale]。"
    ),
    "The plan file to write [default: the workload's name].": "要写的计划文件 [默认：以工作负载命名]。",
    "Replace a file that is there.": "覆盖已有的文件。",
    "The Deployment or DaemonSet that serves today; KIND/NAMESPACE/NAME where there are both.": "目前提供服务的 Deployment 或 "
    "DaemonSet；两者同名时写 KIND/NAMESPACE/NAME。",
    "Where it is to be [default: the old one's].": "它将在哪个命名空间 [默认：旧工作负载的]。",
    "The DaemonSet to be [default: a free name].": "将要创建的 DaemonSet [默认：一个未用的名称]。",
    "Of the nodes that get a gateway; repeatable.": "要运行网关的节点的标签；可重复。",
    "A listening port, old and new, where they differ; repeatable.": "监听端口，旧侧和新侧不同时写出；可重复。",
    "A host whose answer comes from a route.": "应答来自路由的主机名。",
    "Who looks after nodes that come later: controller, migrator or manual.": (
        "由谁看护以后加入的节点：controller、migrator 或 manual。"
    ),
    "Whose balancer it is, such as tencent, aws, haproxy.": "负载均衡的厂商，如 tencent、aws、haproxy。",
    "The balancer's id at its provider.": "负载均衡在厂商处的 id。",
    "For providers that have regions.": "用于分地域的厂商。",
    "The provider's API, if it is not the public one.": "厂商的 API 地址，非公网地址时写出。",
    "What clients dial, where the balancer cannot say it.": "客户端访问的地址，负载均衡说不出时写出。",
    "With the port that clients dial; repeatable.": "监听器，以及客户端访问的端口；可重复。",
    "A setting of the provider's driver; repeatable.": "厂商驱动的设置；可重复。",
    "Ask for what is missing [default: on a terminal].": "询问缺少的内容 [默认：在终端上询问]。",
    "The kubeconfig's context [default: its current one].": "kubeconfig 的 context [默认：其当前 context]。",
    "The kubeconfig [default: KUBECONFIG, or the user's own].": "kubeconfig [默认：KUBECONFIG，或用户自己的]。",
    "`human` is for people; `json` and `yaml` are exact and versioned, for programs.": (
        "`human` 供人阅读；`json` 和 `yaml` 精确且有版本，供程序使用。"
    ),
    "Plan the way back from the end of a completed run (an id or a name).": (
        "规划从已完成任务（id 或名称）的终点迁回的路线。"
    ),
    "Also save the plan to this file, for `migrator run FILE`.": (
        "同时把计划保存到此文件，供 `migrator run FILE` 使用。"
    ),
    "Also show the ways out of a port conflict on the nodes.": "同时显示节点上端口冲突的解决办法。",
    "Accept the findings with this code (docs/checks.md); can be repeated.": (
        "接受带此编码的发现项（docs/checks.md）；可重复。"
    ),
    "Why they are accepted, one for each --waive; the plan keeps it.": "接受的理由，与 --waive 一一对应；会写入计划。",
    "The database of plans and runs [default: under the XDG state home].": (
        "保存计划和任务的数据库 [默认：XDG state 目录下]。"
    ),
    ("Only how the new workload's spec differs from the old one's; with OTHER, how the plan differs from that plan."): (
        "只显示新旧工作负载 spec 的差异；给出 OTHER 时，显示与那个计划的差异。"
    ),
    "`human` is for the terminal, `markdown` for a pull request, `json` and `yaml` for programs.": (
        "`human` 供终端，`markdown` 供合并请求，`json` 和 `yaml` 供程序使用。"
    ),
    "Do not ask; for scripts.": "不询问；用于脚本。",
    "Carry it out in a separate process; its log is beside the store.": "在单独的进程中执行；其日志在状态库旁。",
    "Send counted requests through the balancer meanwhile, as `load` does.": (
        "同时像 `load` 那样，经负载均衡发送计数的请求。"
    ),
    "Serve the run's measures to Prometheus there; a port alone is on 127.0.0.1.": (
        "在此地址向 Prometheus 提供任务的指标；只写端口则为 127.0.0.1。"
    ),
    "Keep the run's measures in this file, for node_exporter's textfile collector.": (
        "把任务的指标写入此文件，供 node_exporter 的 textfile 收集器使用。"
    ),
    "`json`: the journal and the log on stderr, a JSON value a line, in place of the live view.": (
        "`json`：把事件日志和运行日志逐行以 JSON 写到标准错误，代替实时界面。"
    ),
    "Stop looking after the nodes for good: end the run that an earlier `follow` began.": (
        "不再看护这些节点：结束先前 `follow` 开始的任务。"
    ),
    "Print what `kubectl apply -f -` needs to have it in the cluster; needs FILEs.": (
        "打印在集群中运行它所需的内容，用于 `kubectl apply -f -`；需要 FILE。"
    ),
    "The image of --print-manifests.": "--print-manifests 的镜像。",
    "The cloud's role of --print-manifests, for its workload identity.": (
        "--print-manifests 的云上角色，用于其工作负载身份。"
    ),
    "The namespace of --print-manifests [default: of the first gateway].": (
        "--print-manifests 的命名空间 [默认：第一个网关所在的]。"
    ),
    "A container's new image; can be repeated.": "容器的新镜像；可重复。",
    "A change of the pods' template, as for `kubectl patch`.": "对 Pod 模板的改动，写法同 `kubectl patch`。",
    "Delete the pod instead of putting it back.": "删除该 Pod，而不是放回。",
    "What the container beside the new gateways needs instead (target.harden.image).": "改为打印新网关旁边的容器所需的权限"
    "（target.harden.image）。",
    "With --balancer: the gateway's Lease. While a run or a follower holds it, no weight is set here.": "与 --balancer 一起使用"
    "：该网关的 Lease。任务或看护任务持有它时，这里不设置权重。",
    "Also what `migrator isolate` and `release` need.": "同时包含 `migrator isolate` 和 `release` 所需的权限。",
    "The plan file of the gateway, or a run of it.": "网关的计划文件，或它的一个任务。",
    "Nodes that are out at a time.": "同时退出服务的节点数。",
    "How long each is watched afterwards [default: the judge's window].": "之后对每个节点观察多久 [默认：判定的窗口]。",
    "Why; it is kept in the journal.": "理由；会写入事件日志。",
    (
        "Change nothing: print the commands (kubectl and the balancer's) that bring the traffic back without "
        "migrator. RUN may be NAMESPACE/NAME then: the gateway of a run whose store is lost."
    ): (
        "不做任何改动：打印不用 migrator 就能切回流量的命令（kubectl 和负载均衡的）。RUN 此时可为 NAMESPACE/N"
        "AME：状态库已丢失的任务的网关。"
    ),
    "Only print the Job that guards the run in its cluster, for kubectl apply.": (
        "只打印在集群中守护任务的 Job，用于 kubectl apply。"
    ),
    "The Job's image.": "Job 的镜像。",
    "For --job of a run between two clusters: the Secret whose key `kubeconfig` leads to both.": (
        "与 --job 同用，任务跨两个集群时：其键 `kubeconfig` 可到达两个集群的 Secret。"
    ),
    "Where it can be seen: a link, a ticket.": "可查证之处：链接、工单。",
    "This namespace of the cluster [default: all runs of this store].": (
        "集群的这个命名空间 [默认：本状态库的所有任务]。"
    ),
    "Why; status shows it.": "理由；status 会显示。",
    (
        "Show it again each second until the run ends; without RUN, wait for one where none has begun. Ctrl-C"
        " stops the watching, not the run."
    ): ("每秒刷新，直到任务结束；不写 RUN 而尚无任务时，等待一个开始。Ctrl-C 只结束观看，不影响任务。"),
    "Only rows whose id is greater.": "只显示 id 更大的行。",
    "Show new rows until the run ends; with --output json a value on each line.": (
        "持续显示新的行，直到任务结束；使用 --output json 时每行一个值。"
    ),
    (
        "`human` or `text` is for the terminal, `markdown` for a ticket, `html` is one file to keep, `json` "
        "and `yaml` are for programs."
    ): ("`human` 或 `text` 供终端，`markdown` 供工单，`html` 是可留存的单个文件，`json` 和 `yaml` 供程序使用。"),
    "Go on until told to leave (Ctrl-C): then it is told too that nobody watches.": (
        "持续运行，直到要求退出（Ctrl-C）：无人看护时也会通知。"
    ),
    "Send a test to each channel of a plan file or a plan; needs no run.": (
        "向计划文件或计划的每个渠道发送测试；不需要任务。"
    ),
    "Where to listen.": "监听地址。",
    "Speak TLS: the certificate with its chain, as PEM.": "以 TLS 提供服务：PEM 格式的证书及其证书链。",
    "The certificate's key, as PEM without a password.": "证书的私钥，PEM 格式，无密码。",
    (
        "Also show who gets each resource that chooses pods (old, new, both), with the patch that lets both "
        "sides have it."
    ): ("同时显示每个选择 Pod 的资源归谁（旧、新、两侧），以及让两侧都得到它的补丁。"),
    "A plan file: its cluster, admin port, port map, and what it allows.": (
        "计划文件：使用其集群、管理端口、端口映射和允许的差异。"
    ),
    "A listening port of OLD, and what it is on NEW; repeatable.": "OLD 的监听端口，以及它在 NEW 上的端口；可重复。",
    "The kubeconfig's context [default: the current one].": "kubeconfig 的 context [默认：当前 context]。",
    "The kubeconfig [default: the usual places].": "kubeconfig [默认：惯用位置]。",
    "Envoy's admin port [default: the plan's, or 15000].": "Envoy 的管理端口 [默认：计划中的，或 15000]。",
    "Name of the roles.": "角色的名称。",
    "The user (or its certificate's CN) they are for.": "角色所属的用户（或其证书的 CN）。",
    "Of a plan with two clusters: the roles for this side's.": "两侧在两个集群的计划：打印这一侧集群的角色。",
    "The roles of `migrator restart` instead: no migration's.": "改为打印 `migrator restart` 的角色：不含迁移所需的。",
    "Who asks which namespaces are there [default: the plan's].": "由谁查询有哪些命名空间 [默认：计划中的]。",
    "That kubeconfig's context [default: its current one, or the plan's].": (
        "该 kubeconfig 的 context [默认：其当前 context，或计划中的]。"
    ),
    "Requests a second.": "每秒请求数。",
    "How long; it ends by itself.": "持续多久；会自行结束。",
    "Which of the plan's listeners [default: the first].": "计划的哪个监听器 [默认：第一个]。",
    "What is asked for [default: the plan's gateway.probePath].": "请求的路径 [默认：计划的 gateway.probePath]。",
    "Keep the ledger: a line for each request.": "保存明细：每个请求一行。",
    "Judge the past, as Prometheus remembers it.": "判定 Prometheus 所记住的过去。",
    "2027-01-24T10:00+08:00, or 6h for so long ago.": "2027-01-24T10:00+08:00，或 6h（距今多久）。",
    "Until when, in the same ways [default: now].": "到何时为止，写法相同 [默认：现在]。",
    "The time between two moments [default: the plan's interval].": "两个时刻的间隔 [默认：计划的 interval]。",
    "Try this limit of the error rate beside the plan's.": "除计划的错误率阈值外，再试这一个。",
    "Try windows of this length beside the plan's.": "除计划的窗口外，再试此长度的窗口。",
    "Of a WORKLOAD (deployment/NAME).": "WORKLOAD（deployment/NAME）所在的命名空间。",
    "Of a WORKLOAD: the kubeconfig's context [default: the current one].": (
        "WORKLOAD 所在的 kubeconfig context [默认：当前 context]。"
    ),
    "Of a WORKLOAD [default: the usual places].": "WORKLOAD 所在的 kubeconfig [默认：惯用位置]。",
    "istio, envoy, contour, nginx, none [default: by its containers].": (
        "istio、envoy、contour、nginx、none [默认：按其容器判断]。"
    ),
    "A port that clients reach in the pods; can be repeated.": "客户端在 Pod 中到达的端口；可重复。",
    "The balancer's health check: seconds between two questions.": "负载均衡健康检查：两次探测间隔的秒数。",
    "The balancer's health check: failures after which it stops sending.": "负载均衡健康检查：失败多少次后停止转发。",
    "Good answers after which it begins to send.": "成功多少次后开始转发。",
    "The balancer's health check only connects.": "负载均衡健康检查只建立连接。",
    "Seconds that ordinary requests take at most.": "普通请求最多需要的秒数。",
    "Put a container of ours beside the gateway, from this image of migrator [default: none].": (
        "在网关旁放置一个本程序的容器，使用此 migrator 镜像 [默认：不放]。"
    ),
    "With --image: set the weight of this gateway's own rows, or wait for the word of `migrator follow`.": (
        "与 --image 同用：设置本网关自己的后端权重，或等待 `migrator follow` 的通知。"
    ),
    "With --image, of a WORKLOAD or a manifest: the plan file of its balancer.": (
        "与 --image 同用，针对 WORKLOAD 或清单：其负载均衡的计划文件。"
    ),
    "With --by follower: where it answers [default: its Service].": (
        "与 --by follower 同用：它在何处应答 [默认：其 Service]。"
    ),
    (
        "`patch` is for `kubectl patch --patch-file`, `kustomize` a component, `helm` values of the gateway's"
        " own chart; `json` and `yaml` are for programs."
    ): (
        "`patch` 用于 `kubectl patch --patch-file`，`kustomize` 是一个组件，`helm` 是网关自身 chart 的 values"
        "；`json` 和 `yaml` 供程序使用。"
    ),
    "Seconds after which the gateway may end, whatever is said.": "多少秒后无论如何网关都可以结束。",
    "Seconds for requests under way, once it is off.": "移出负载均衡后，为进行中的请求保留的秒数。",
    "For hook and probe.": "供 preStop 钩子和探针使用。",
    "The gateway's, as the balancer has it.": "网关的地址，以负载均衡中的写法为准。",
    "That the balancer dials there; can be repeated.": "负载均衡在该地址访问的端口；可重复。",
    "Where the gateway answers once it serves, such as 15021/healthz/ready.": (
        "网关提供服务后在何处应答，如 15021/healthz/ready。"
    ),
    "A plan file's loadBalancer.": "计划文件中的 loadBalancer。",
    "Wait for the word of `migrator follow` instead; it needs --metrics.": (
        "改为等待 `migrator follow` 的通知；它需要 --metrics。"
    ),
    "Asked by POST once, so that clients with a connection leave (Envoy's admin port).": (
        "以 POST 请求一次，使持有连接的客户端离开（Envoy 的管理端口）。"
    ),
    "A separate listener, not one of the plan's, and its port.": "单独的监听器（不是计划中的）及其端口。",
    "A test backend of that listener; give two.": "该监听器的测试后端；给出两个。",
    "Response header that says who answers.": "说明由谁应答的响应头。",
    "Connections a second.": "每秒连接数。",
    "How many times a weight is set to 0.": "把权重置为 0 的次数。",
    "The longest time that it may take.": "最长允许的时间。",
    "Makes the first test backend fail its health check; needs --heal.": (
        "使第一个测试后端的健康检查失败；需要 --heal。"
    ),
    "Makes the health check pass again; it is always run after --fail.": "使健康检查重新通过；--fail 之后总会执行。",
    "Show this message and exit.": "显示本帮助并退出。",
}
