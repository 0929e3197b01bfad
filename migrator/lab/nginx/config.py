"""The configuration of one nginx: everything to one upstream, every answer told to the controller. Text only.

Kept-alive connections end by themselves, with a word to the client, soon after `_KEPT`: nothing else moves the clients of an
nginx, which cannot be told to go and go on.
"""

import os
from pathlib import Path

_KEPT = "4s"
LOG, STATUS = "log.sock", "status.sock"
_TEXT = """{user}daemon off;
worker_processes 1;
worker_shutdown_timeout 30s;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 4096; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    log_format answers '$request_method $status $request_time';
    access_log syslog:server=unix:{folder}/{log},nohostname answers;
    keepalive_time {kept};
    map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
    upstream app {{ server {upstream}; keepalive 64; }}
    server {{
        listen {ip}:{port} backlog=1024;
        add_header X-Gateway $server_addr:$server_port always;
        location / {{
            proxy_pass http://app;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_read_timeout 300s;
        }}
    }}
    server {{
        listen unix:{folder}/{status};
        access_log off;
        location /nginx_status {{ stub_status; }}
    }}
}}
"""


def text(folder: Path, ip: str, port: int, upstream: str) -> str:
    """Return nginx.conf. Its worker stays who started it: another user could not reach the controller's log."""
    user = "user root;\n" if os.geteuid() == 0 else ""
    names = {"log": LOG, "status": STATUS, "kept": _KEPT}
    return _TEXT.format(user=user, folder=folder, ip=ip, port=port, upstream=upstream, **names)
