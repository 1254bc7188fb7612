#!/bin/sh
# embed.sh EMBED: what may not be packed.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
tool=$(realpath "$1")

fresh
put dist/index.html '<p>a</p>'
put dist/assets/a.js 'let x = 1'
put dist/.hidden 'no'
accepts 'a folder' "$tool" out.c out.bin out.d web dist
holds 'has its files' out.c '"assets/a.js", 11'
holds 'with their content type' out.c '"text/javascript; charset=utf-8"'
holds 'and names the folders it was made from' out.d 'dist/assets'

fresh
refuses 'a folder that is not there' 'dist: cannot be read: No such file or directory' "$tool" out.c out.bin out.d web dist

fresh
accepts 'unless a plain page may stand for it' "$tool" --page out.c out.bin out.d web none/dist
holds 'which says so' out.bin 'The page was not built'

fresh
put a/x.tsv 1
put x.tsv 2
refuses 'two sources for one path' 'embed: x.tsv comes from two sources' "$tool" out.c out.bin out.d cat a x.tsv=x.tsv

fresh
put x 1
refuses 'a path that leaves the table' 'x: cannot be embedded under this name' "$tool" out.c out.bin out.d cat ../y=x

fresh
put a/x 1
refuses 'a name that C does not take' 'embed: 9a is not a name for a table' "$tool" out.c out.bin out.d 9a a

fresh
mkdir a
ln -s nothing a/x
refuses 'a link to nothing' 'a/x: cannot be read: No such file or directory' "$tool" out.c out.bin out.d cat a

fresh
mkdir a
ln -s . a/a
refuses 'a folder within itself' \
	'a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a: is nested too deeply' "$tool" out.c out.bin out.d cat a

fresh
put a/x 1
refuses 'an unknown option' 'embed: unknown option --fast' "$tool" --fast out.c out.bin out.d cat a

finish
