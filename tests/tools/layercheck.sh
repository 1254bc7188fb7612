#!/bin/sh
# layercheck.sh LAYERCHECK: what a source may not include or say.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
tool=$(realpath "$1")
check() { "$tool" stamp dep LAYERS src; }
rules() {
	put LAYERS 'layer base' 'layer db' 'layer core' 'layer loop' 'private db/backend.h' 'header sqlite3.h db/db_sqlite.c' \
		'system string.h sys/*' 'word strcpy' 'word sqlite3_exec db/*'
}

fresh
rules
put src/core/a.c '#include "base/str.h"' '#include <string.h>' '/* strcpy("x") */' 'const char *s = "strcpy";'
put src/db/db_sqlite.c '#include <sqlite3.h>' '#include "db/backend.h"' 'int x = sqlite3_exec(a);'
accepts 'sources that keep the rules' check

fresh
rules
put src/core/a.c '' '#include "loop/matter.h"'
refuses 'an include of a higher layer' 'src/core/a.c:2: core may not include loop/matter.h' check

fresh
rules
put src/core/a.h '/* #include "loop/no.h" */' ' # include  "loop/matter.h"'
refuses 'however it is written' 'src/core/a.h:2: core may not include loop/matter.h' check

fresh
rules
put src/core/a.c '#include "db/backend.h"'
refuses 'a foreign private header' 'src/core/a.c:1: db/backend.h is private to db' check

fresh
rules
put src/core/a.c '#include <sqlite3.h>'
refuses "a library's header outside its home" 'src/core/a.c:1: <sqlite3.h> may only be included by db/db_sqlite.c' check

fresh
rules
put src/core/a.c '#include <glib.h>'
refuses 'a library without a home' 'src/core/a.c:1: <glib.h> has no home in src/LAYERS' check

fresh
rules
put src/core/a.c 'void f(char *a)' '{' '	strcpy(a, "b");' '}'
refuses 'strcpy' 'src/core/a.c:3: strcpy may not be used' check

fresh
rules
put src/core/a.c '#define RUN(x) sqlite3_exec(x)'
refuses 'statements beside the store' 'src/core/a.c:1: sqlite3_exec may not be used outside db/*' check

fresh
rules
put src/core/a.c '#include "b.h"'
refuses 'an include without its folder' 'src/core/a.c:1: include "b.h" by its path below src' check

fresh
rules
put src/core/a.c '#include "base/b.c"'
refuses 'an include of a source' 'src/core/a.c:1: base/b.c is no header' check

fresh
rules
put src/misc/a.c 'int x;'
refuses 'a folder without a layer' 'src/misc/a.c: misc is in no layer of src/LAYERS' check

fresh
put LAYERS 'layer base' 'allow everything'
mkdir src
refuses 'a rule that it does not know' "LAYERS:2: 'allow' is none of layer, private, header, system, word" check

fresh
put LAYERS 'layer base' 'layer db base'
mkdir src
refuses 'a module in two layers' 'LAYERS:2: base stands in two layers' check

finish
