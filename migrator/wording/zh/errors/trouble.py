"""Chinese: what an error of the network, of TLS or of a file comes to; what the library said stands behind it."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "trouble": "{kind}[ [[{raw}]]]",
    "trouble.refused": "没有进程在监听该端口",
    "trouble.reset": "连接被对端重置",
    "trouble.closed": "对端未给出完整应答就关闭了连接",
    "trouble.late": "在规定时间内没有应答",
    "trouble.no-route": "网络不可达，没有路由",
    "trouble.no-address": "本机解析不到该域名的地址",
    "trouble.in-use": "端口已被占用",
    "trouble.not-here": "本机没有这个地址",
    "trouble.forbidden": "当前用户没有权限",
    "trouble.not-there": "没有这个文件或程序",
    "trouble.directory": "它是目录",
    "trouble.full": "磁盘空间已满",
    "trouble.read-only": "文件系统是只读的",
    "trouble.disk": "磁盘读写出错",
    "trouble.too-large": "文件过大",
    "trouble.busy": "正被另一个进程占用",
    "trouble.too-many-open": "打开的文件和连接过多",
    "trouble.no-program": "它不是可执行程序",
    "trouble.no-tls": "对端使用的不是 TLS",
    "trouble.tls": "TLS 握手失败",
    "trouble.certificate": "证书不受信任",
    "trouble.certificate-early": "证书尚未生效",
    "trouble.certificate-expired": "证书已过期",
    "trouble.certificate-self-signed": "证书是自签名的，本机不信任其签发者",
    "trouble.certificate-unknown": "本机不认识证书的签发机构",
    "trouble.certificate-revoked": "证书已被吊销",
    "trouble.certificate-other-host": "证书属于另一个主机名",
}
