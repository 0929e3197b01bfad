"""Chinese: why the store cannot be used, what it does not have, and who else may write for a run."""

from __future__ import annotations

_STAYS = "任务及其流量不受影响：在进程能再次写入之前，权重保持不变。要继续："

MESSAGES: dict[str, str] = {
    # The database.
    "store.locked": "状态库 {file} 被另一个进程锁定。"
    + _STAYS
    + "用 `fuser {file}` 查看是谁打开了它，等它结束或将其停止，然后重新执行该命令。",
    "store.locked-inside": "状态库 {file} 在本进程内被锁定。" + _STAYS + "重新执行该命令。",
    "store.read-only": "状态库 {file} 不可写。"
    + _STAYS
    + "让当前用户对该文件及其目录有写权限，或用 --store 指定另一个库。",
    "store.forbidden": "当前用户无权使用状态库 {file}。" + _STAYS + "让当前用户对该文件及其目录有写权限。",
    "store.not-opened": "无法打开状态库 {file}。" + _STAYS + "检查目录是否存在，以及当前用户能否读写该文件。",
    "store.no-database": "{file} 不是 migrator 的状态库。"
    + _STAYS
    + "用 --store 指定正确的文件；如果就是它，请从备份恢复。",
    "store.damaged": "状态库 {file} 已损坏。"
    + _STAYS
    + "先保留一份副本，然后执行 `sqlite3 {file} .recover`，或从备份恢复。",
    "store.damaged-value": "状态库 {file} 已损坏：其中的值不是 migrator 写入的（{why}）。"
    + _STAYS
    + "先保留一份副本，再从备份恢复；没有备份，则该任务的任何记录都不可信。",
    "store.chain-broken": "{file} 中任务 {run} 的事件日志在第 {row} 行被修改或已损坏，其记录不可信。"
    + _STAYS
    + "从备份恢复状态库，或执行 `migrator rollback {run}`：回滚会恢复计划中记录的权重。",
    "lease.run-out": "集群 Lease [已有 {silent:seconds}]没有续期，可能已归他人所有",
    "lease.fenced": "集群 Lease [已有 {silent:seconds}]没有续期：不再为新侧写入任何内容，"
    "因为网关此时可能已由守护进程或另一个任务接管",
    "lease.gateway-gone": "本进程有一段时间未能续期集群中的 Lease，现在它已不存在：其间任务已被他人接管并结束，"
    "或 Lease 被人删除。本进程不再写入任何内容。在本状态库中执行 `migrator rollback`，会查明现状，并在这里也结束该任务。",
    "lease.gateway-lost": "本进程有一段时间未能续期集群中的 Lease，现已被他人[（{holder}）]取得，并已接管任务"
    "。本进程不再写入任何内容；流量由对方负责。",
    "store.disk-full": "状态库 {file} 没有空间：磁盘已满。" + _STAYS + "释放一些空间，然后重新执行该命令。",
    "store.disk-full-with-room": "状态库 {file} 没有空间：磁盘已满。任务及其流量不受影响：在进程能再次写入之前"
    "，权重保持不变。为回滚预留的空间刚刚已释放，`migrator rollback` 现在可用。要继续前进：先释放一些空间，再执"
    "行 `migrator resume`。",
    "store.no-room": "状态库 {file} 所在磁盘的空间不足以写入回滚所需的内容（{size} MiB），因此任务不再前进。流"
    "量保持不变，且无人看护。请释放一些空间，再执行 `migrator resume {run}`；`migrator rollback {run}` 无需腾出"
    "空间即可执行。",
    "store.disk-fails": "磁盘无法读写状态库 {file}。" + _STAYS + "检查磁盘，然后重新执行该命令。",
    "store.unusable": "状态库 {file} 无法使用：{why}。" + _STAYS + "排除原因，然后重新执行该命令。",
    "store.no-lock-file": "无法创建状态库的锁文件 {file}：{why}。" + _STAYS + "让当前用户对状态库所在目录有写权限。",
    "store.not-created": "无法创建状态库 {file}：{why}。"
    + _STAYS
    + "检查路径和当前用户的权限，或用 --store 指定另一个库。",
    "store.of-another-program": "{file} 是其他程序的数据库。" + _STAYS + "用 --store 指定正确的文件。",
    "store.empty": "状态库 {file} 是空文件：如果曾保存过任务，则内容已全部丢失。"
    + _STAYS
    + "从备份恢复。如果从未保存过，`migrator plan` 会新建它。",
    "store.older": "状态库 {file} 的 schema 为较旧的 {found}，当前版本为 {ours}。"
    + _STAYS
    + "执行一次 `migrator plan` 或 `migrator resume`：会写入的命令会将其升级。",
    "store.newer": "状态库 {file} 由更新版本的 migrator 写入（schema {found}，当前版本为 {ours}）。"
    + _STAYS
    + "重新安装更新的 migrator，或用 --store 指定另一个库。",
    "store.other-database": "--store 指定的是 {scheme} 数据库，而当前版本只用 SQLite 文件保存任务。未做任何改"
    "动。请给出路径，或 sqlite:///path。",
    "store.none-yet": "{file} 处还没有状态库，因此没有计划也没有任务。`migrator plan` 会创建它。",
    "store.no-migrations": "安装的 migrator 缺少数据库迁移脚本；请重新安装。未做任何改动。",
    # Its values.
    "store.not-storable": "有一个值（{kind}）无法保存：{why}。没有写入任何内容。",
    "store.unreadable-value": "有一个已保存的值无法读取：{why}。任务及流量不受影响。要继续：请使用写入它的 "
    "migrator 版本（`migrator --version` 显示当前版本）。",
    "store.no-json": "有一段已保存的文本不是 JSON（{why}）：状态库已损坏。任务及流量不受影响。要继续：请从备份"
    "恢复状态库。",
    "store.another-plan": "编号 {plan} 下保存的是另一个计划。未做任何改动。请重新生成计划以获得新编号。",
    # What is not there.
    "run.unknown": "本状态库中没有任务 {run}。`migrator list` 查看现有任务。",
    "run.no-route": "任务 {run} 没有{heading:word heading}方向的路线。`migrator status {run}` 查看其方向。",
    "plan.unknown": "本状态库中没有计划[ {plan}]。`migrator list` 查看现有计划。",
    "plan.not-unique": "有 {plans:number} 个计划的编号以 {prefix} 开头：{plans}。请写出更多位。",
    # Who may write for a run.
    "lease.held": "任务 {run} 由另一个进程执行[：{by}，自 {since} 起]。未做任何改动。`migrator status {run}` "
    "查看详情；`migrator pause {run}` 和 `migrator rollback {run}` 会由它执行。",
    "lease.run-moved": "任务 {run} 已不在本进程离开时的位置（现为{state:word state}，步骤 {step}），因此本进程"
    "没有写入任何内容，就此停止。流量保持不变。`migrator status {run}` 查看任务位置。",
    "lease.not-renewed": "任务 {run} 已有 {silent:number .0f} 秒未能续租，因此本进程不再写入任何内容。流量保持"
    "不变。状态库恢复可写后，用 `migrator resume {run}` 继续。",
    "lease.taken-over": "本进程已不再持有任务 {run}[：现由 {by} 执行]。本进程没有写入任何内容，就此停止。"
    "`migrator status {run}` 查看由谁看护流量。",
}
