#!/bin/sh
# Installs what is missing from the distribution: setup.sh run|test|check
# Says what it installs before it does, and is silent and quick when nothing is missing. There is no
# stamp: the package database is asked each time, in one call.
set -eu

# libminizip-dev: Debian 13 names it in xlsxwriter.pc and does not bring it along.
build="gcc make git ca-certificates meson ninja-build pkg-config libc6-dev libsqlite3-dev libpq-dev
	libmicrohttpd-dev libjansson-dev libssl-dev libargon2-dev libexpat1-dev libzip-dev
	libxlsxwriter-dev libminizip-dev zlib1g-dev libcmocka-dev poppler-utils libgeos-dev libturbojpeg0-dev libpng-dev
	libqrencode-dev libcairo2-dev libpango1.0-dev fonts-noto-cjk libmosquitto-dev"
check="clang"
test="mosquitto sqlite3 strace postgresql spin zbar-tools"

want=$build
case ${1:-run} in
run) ;;
check) want="$want $check" ;;
test) want="$want $check $test" ;;
*) echo "usage: $0 run|test|check" >&2; exit 2 ;;
esac

# Node may come from elsewhere than the distribution: what counts is that the programs are there.
command -v node >/dev/null 2>&1 || want="$want nodejs"
command -v npm >/dev/null 2>&1 || want="$want npm"

missing_of() {
	# Packages of the list that are not installed, in one call of dpkg-query.
	have=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
		sed -n 's/ installed$//p' | tr '\n' ' ') || true
	for p in "$@"; do
		case " $have" in *" $p "*) ;; *) printf '%s ' "$p" ;; esac
	done
}

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"
	elif command -v sudo >/dev/null 2>&1; then sudo "$@"
	else
		echo "setup: neither root nor sudo; install by hand: $missing" >&2
		exit 1
	fi
}

updated=
install() {
	missing=$*
	echo "==> installing from the distribution: $missing"
	if [ -z "$updated" ]; then
		as_root apt-get update -q
		updated=1
	fi
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

command -v dpkg-query >/dev/null 2>&1 || {
	echo "setup: this is not Debian or Ubuntu; needed are:" $want >&2
	exit 0
}

missing=$(missing_of $want)
[ -z "$missing" ] || install $missing

node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 18 ? 0 : 1)' || {
	echo "setup: node $(node --version) is too old, 18 or newer is needed" >&2
	exit 1
}

# The sanitizers' runtime carries clang's number in its name.
clang_runtime() {
	printf 'int main(void){return 0;}' | clang -x c -fsanitize=address,fuzzer-no-link -o /dev/null - 2>/dev/null && return
	n=$(clang -dumpversion | cut -d. -f1)
	install "libclang-rt-$n-dev"
}

# Ubuntu's chromium is a snap: a package of that name would only point there.
browser() {
	for b in "${BIHUAN_CHROMIUM:-}" chromium chromium-browser google-chrome; do
		[ -n "$b" ] && command -v "$b" >/dev/null 2>&1 && "$b" --version >/dev/null 2>&1 && return
	done
	. /etc/os-release
	if [ "${ID:-}" = ubuntu ]; then
		echo "==> installing the chromium snap"
		command -v snap >/dev/null 2>&1 || install snapd
		as_root snap install chromium || echo "setup: no chromium; set BIHUAN_CHROMIUM to a browser's path" >&2
	else
		install chromium
	fi
}

case $1 in
check) clang_runtime ;;
test) clang_runtime; browser ;;
esac
