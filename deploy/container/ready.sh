#!/bin/bash
# ready.sh [PORT]: succeeds if the server on this machine serves clients, by its readiness probe, /readyz
# on admin.serverPort.
exec 3<>"/dev/tcp/127.0.0.1/${1:-8080}" || exit 1
printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 2 _ status _ <&3
[ "$status" = 200 ]
