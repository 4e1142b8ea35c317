#!/bin/sh
# Makes a bare Debian host ready for its first release: sh setup.sh, as root, from the folder that deploy/setup/bundle.ts wrote
# (`npm run deploy -- setup` carries it here). Safe to run again: it changes only what is not as it should be, says so line by
# line, and ends with the number of changes. Nothing that serves is stopped; a changed unit is used at the next start of it.
# Exit: 0 ready · 64 wrong call · 69 this is no host for it · 70 a step failed.
set -eu
umask 022
HERE=$(cd "$(dirname "$0")" && pwd)
[ -f "$HERE/values.sh" ] && [ -f "$HERE/files.list" ] || { echo "setup.sh: run it from its bundle (values.sh is missing)" >&2; exit 64; }
. "$HERE/values.sh"

changes=0
changed() { changes=$((changes + 1)); echo "changed  $*"; }
fine() { echo "ok       $*"; }
refuse() { echo "refused  $*" >&2; exit 69; }
trap 'code=$?; [ "$code" -eq 0 ] || [ "$code" -eq 69 ] || { echo "failed   see the line above; run it again when that is repaired" >&2; exit 70; }' EXIT

[ "$(id -u)" = 0 ] || refuse "setup.sh must be run by root"
[ -r /etc/debian_version ] || refuse "this is not Debian"
. /etc/os-release
[ "${VERSION_ID:-0}" -ge 12 ] 2>/dev/null || refuse "Debian 12 or younger is needed, this is ${PRETTY_NAME:-unknown}"
"$HERE/node" --version >/dev/null 2>&1 || refuse "the node in the bundle does not run here: is it for $(uname -m)?"

# Packages. None of them is started by its own scripts: nginx runs as our own unit.
missing=
for package in $PACKAGES; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
if [ -n "$missing" ]; then
  guarded=
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
    guarded=yes
  fi
  code=0
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null; } || code=$?
  [ -z "$guarded" ] || rm -f /usr/sbin/policy-rc.d
  [ "$code" = 0 ] || { echo "packages could not be installed:$missing" >&2; exit 70; }
  changed "packages:$missing"
else
  fine "packages"
fi

# The account that nginx and node run under, and that releases log in with. It has no password.
if id "$ACCOUNT" >/dev/null 2>&1; then
  fine "account $ACCOUNT"
else
  useradd --system --user-group --create-home --home-dir "/home/$ACCOUNT" --shell /bin/sh "$ACCOUNT"
  changed "account $ACCOUNT"
fi
HOME_DIR=$(getent passwd "$ACCOUNT" | cut -d: -f6)

# Folder: path, mode. Only what is wrong is touched.
folder() {
  if [ "$(stat -c '%a %U %G' "$1" 2>/dev/null || true)" = "$2 $ACCOUNT $ACCOUNT" ]; then return; fi
  [ -d "$1" ] || mkdir -p "$1"
  chmod "$2" "$1"
  chown "$ACCOUNT:$ACCOUNT" "$1"
  changed "folder $1"
}
folder "$ROOT" 755
for name in releases assets host bootstrap bootstrap/nginx; do folder "$ROOT/$name" 755; done
for name in env state state/log pm2 pm2/main pm2/canary; do folder "$ROOT/$name" 700; done
folder "$LOGS" 750
folder "$RUNTIME" 755
fine "folders of $ROOT, $LOGS and $RUNTIME"

# File: source, target, mode, owner. Written beside and moved, so that nobody ever reads half of it.
place() {
  if cmp -s "$1" "$2" && [ "$(stat -c '0%a %U' "$2")" = "0${3#0} $4" ]; then return 1; fi
  mkdir -p "$(dirname "$2")"
  cp "$1" "$2.new"
  chmod "$3" "$2.new"
  chown "$4:$4" "$2.new"
  mv -f "$2.new" "$2"
  changed "file $2"
}
[ ! -f "$HERE/files/etc/sudoers.d/dengji" ] || visudo -cqf "$HERE/files/etc/sudoers.d/dengji"
while read -r mode owner path; do place "$HERE/files$path" "$path" "$mode" "$owner" || fine "file $path"; done <"$HERE/files.list"
place "$HERE/node" "$ROOT/host/node" 755 "$ACCOUNT" || fine "file $ROOT/host/node"
if [ -f "$HERE/dengji.env" ]; then
  place "$HERE/dengji.env" "$ROOT/env/dengji.env" 600 "$ACCOUNT" || fine "file $ROOT/env/dengji.env"
elif [ ! -f "$ROOT/env/dengji.env" ]; then
  echo "missing  $ROOT/env/dengji.env: give the secrets by setup.envFile before the first release"
fi
if [ -f "$HERE/authorized_key" ]; then
  folder "$HOME_DIR/.ssh" 700
  if grep -qxFf "$HERE/authorized_key" "$HOME_DIR/.ssh/authorized_keys" 2>/dev/null; then
    fine "key of releases"
  else
    cat "$HERE/authorized_key" >>"$HOME_DIR/.ssh/authorized_keys"
    chmod 600 "$HOME_DIR/.ssh/authorized_keys"
    chown "$ACCOUNT:$ACCOUNT" "$HOME_DIR/.ssh/authorized_keys"
    changed "key of releases"
  fi
fi

# Before the first release nginx says that this host is not ready.
if [ -e "$ROOT/nginx" ] || [ -L "$ROOT/nginx" ]; then
  fine "nginx runs what $(readlink "$ROOT/nginx") says"
else
  ln -s bootstrap/nginx "$ROOT/nginx"
  chown -h "$ACCOUNT:$ACCOUNT" "$ROOT/nginx"
  changed "nginx: bootstrap"
fi

# Debian's own nginx unit would take the ports.
enabled() { [ "$(systemctl is-enabled "$1" 2>/dev/null || true)" = "$2" ]; }
if enabled nginx.service masked; then fine "Debian's nginx.service is masked"; else
  [ ! -d /run/systemd/system ] || systemctl stop nginx.service || true
  systemctl disable -q nginx.service 2>/dev/null || true
  systemctl mask -q nginx.service
  changed "Debian's nginx.service is masked"
fi
for unit in $UNITS; do
  if enabled "$unit" enabled; then fine "unit $unit"; else
    systemctl enable -q "$unit"
    changed "unit $unit"
  fi
done

# In a running system; a chroot or an image does it at its first boot.
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  /lib/systemd/systemd-sysctl /etc/sysctl.d/60-dengji.conf || true
  systemd-tmpfiles --create /etc/tmpfiles.d/dengji.conf
  systemctl start dengji-nginx.service dengji-watchdog.timer
  fine "nginx and the watchdog run"
fi

cat <<HINTS

Firewall (not changed by this script). Let in: ssh from the operators, the public ports from the SLB, the API from the peers.
  ufw default deny incoming; ufw allow OpenSSH
$(for from in $SLB; do for port in $PUBLIC_PORTS; do echo "  ufw allow proto tcp from $from to $ADDRESS port $port"; done; done)
$(for from in $PEERS; do for port in $PEER_PORTS; do echo "  ufw allow proto tcp from $from to $ADDRESS port $port"; done; done)
or with nftables, in the chain input of your table inet filter (policy drop):
  ct state established,related accept; iif lo accept; tcp dport 22 accept
  ip daddr $ADDRESS ip saddr { $(echo $SLB | sed 's/ /, /g') } tcp dport { $(echo $PUBLIC_PORTS | sed 's/ /, /g') } accept
$([ -z "$PEERS" ] || echo "  ip daddr $ADDRESS ip saddr { $(echo $PEERS | sed 's/ /, /g') } tcp dport { $(echo $PEER_PORTS | sed 's/ /, /g') } accept")
Internal ports (metrics, in flight, nginx's counters) listen on loopback only.

$changes changes
HINTS
