#!/bin/sh
# Builds web/dist when a source of the page is newer than it.
set -eu
cd "$(dirname "$0")/.."

newest_wins() {
	# Is any of the given sources newer than the file $1?
	[ -e "$1" ] || return 0
	target=$1
	shift
	[ -n "$(find "$@" -newer "$target" -type f -print 2>/dev/null | head -n 1)" ]
}

if newest_wins web/node_modules/.package-lock.json web/package.json web/package-lock.json; then
	echo "==> npm ci in web/"
	(cd web && npm ci --no-audit --no-fund --loglevel=error)
	touch web/node_modules/.package-lock.json
fi
if newest_wins web/dist/index.html web/src web/public web/index.html web/report.html web/*.ts web/*.json web/scripts i18n; then
	echo "==> building the page"
	(cd web && npm run --silent build)
	touch web/dist/index.html
fi
