#!/bin/sh
# msggen.sh MSGGEN: what a table of messages may not be.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
tool=$(realpath "$1")
H='key¦en¦zh-CN'

fresh
put m.tsv "$H" '# a comment' '' 'err.x¦Wrong {field}: {why}¦{field} 有误：{why}' 'a.b¦Yes¦是'
accepts 'a sound table' "$tool" out.c m.tsv
holds 'is written in order of the keys' out.c '"a.b", 3'

fresh
put m.tsv 'key¦en' 'a¦b'
refuses 'a wrong first line' 'm.tsv:1: the first line must be: key, en, zh-CN, parted by tabs' "$tool" out.c m.tsv

fresh
put m.tsv "$H" 'err.x¦Only English¦'
refuses 'a missing language' 'm.tsv:2: err.x: zh-CN is missing' "$tool" out.c m.tsv

fresh
put m.tsv "$H" 'err.x¦Only English'
refuses 'a missing column' 'm.tsv:2: err.x: a row has three columns: key, en, zh-CN' "$tool" out.c m.tsv

fresh
put m.tsv "$H" 'err.x¦One¦一¦two'
refuses 'a tab too many' 'm.tsv:2: err.x: a row has three columns: key, en, zh-CN' "$tool" out.c m.tsv

fresh
put m.tsv "$H" 'a¦One¦一' 'b¦Two¦二' 'a¦Three¦三'
refuses 'a key that stands twice' 'm.tsv:4: a stands twice, first in line 2' "$tool" out.c m.tsv

fresh
put m.tsv "$H" 'Err.X¦One¦一'
refuses 'a key in capitals' "m.tsv:2: 'Err.X' is not a key (a-z 0-9 . _ -)" "$tool" out.c m.tsv

fresh
put m.tsv "$H" 'a¦At most {max}¦最多 {limit} 项'
refuses 'arguments that differ' 'm.tsv:2: a: {limit} stands only in zh-CN' "$tool" out.c m.tsv

fresh
put m.tsv "$H" 'a¦It is {state_en}¦现为{state_zh}'
accepts 'an argument given in both languages' "$tool" out.c m.tsv

fresh
put m.tsv "$H" 'a¦At most {max¦最多'
refuses 'a brace that does not close' 'm.tsv:2: a: braces must hold the name of an argument' "$tool" out.c m.tsv

fresh
printf 'key\ten\tzh-CN\na\tOne\t\377\n' >m.tsv
refuses 'text that is not UTF-8' 'm.tsv:2: a: zh-CN is not UTF-8' "$tool" out.c m.tsv

fresh
printf 'key\ten\tzh-CN\r\na\tOne\tx\r\n' >m.tsv
refuses 'line ends of another system' 'm.tsv:1: the first line must be: key, en, zh-CN, parted by tabs' "$tool" out.c m.tsv

fresh
refuses 'a file that is not there' 'm.tsv: cannot be read: No such file or directory' "$tool" out.c m.tsv

G='en¦zh-CN¦note¦instead of'
check() { "$tool" --check stamp dep m.tsv g.tsv src web; }

fresh
put m.tsv "$H" 'err.x¦Overdue¦逾期' 'page.a¦A¦甲'
put g.tsv "$G" 'overdue¦逾期¦¦超期|late'
put src/a.c '/* "err.none" */' 'f("err.x");'
put web/a.vue "<p>{{ t('page.a') }}</p>" 't(`page.${x}`)'
accepts 'sources whose keys all have rows' check

put m.tsv "$H" 'err.x¦Overdue¦已超期' 'page.a¦A¦甲'
count=$((count + 1))
refuses 'a word that the glossary replaces' 'm.tsv:2: err.x: say 逾期, not 超期' check

fresh
put m.tsv "$H" 'err.x¦It is Late¦逾期'
put g.tsv "$G" 'overdue¦逾期¦¦late'
refuses 'the same in English, whatever its case' 'm.tsv:2: err.x: say overdue, not late' check

fresh
put m.tsv "$H" 'err.x¦Translated¦已翻译'
put g.tsv "$G" 'overdue¦逾期¦¦late'
accepts 'but not a part of a word' check

fresh
put m.tsv "$H" 'err.x¦X¦甲'
put g.tsv "$G"
put src/a.c 'int f(void)' '{' '	return FAIL(f, STALE, "", "err.y", "n", "1");' '}'
refuses 'a key of C without a row' 'src/a.c:3: err.y has no row in messages.tsv' check

fresh
put m.tsv "$H" 'err.x¦X¦甲'
put g.tsv "$G"
put web/x.ts '' "const a = t('page.none')"
refuses 'a key of the page without a row' 'web/x.ts:2: page.none has no row in messages.tsv' check

fresh
put m.tsv "$H" 'err.x¦X¦甲'
put g.tsv "$G" 'overdue¦逾期'
refuses 'a glossary with too few columns' \
	'g.tsv:2: a row has four columns: en, zh-CN, note, words not to be used instead' check

finish
