/* The words of a C file, without its comments: as much of the language as the checks need. */
#ifndef BH_TOOLS_CSCAN_H
#define BH_TOOLS_CSCAN_H

#include "base/str.h"

enum c_kind {
	C_WORD,        /* identifier or number */
	C_STRING,      /* what stands between the quotes, escapes as written */
	C_PUNCT,       /* one character */
	C_INCLUDE,     /* #include "text" */
	C_INCLUDE_SYS, /* #include <text> */
};
struct c_token {
	enum c_kind kind;
	str text;
	int line;
};
struct cscan {
	str text;
	size_t at;
	int line;
	bool fresh; /* nothing but blanks on this line so far */
};
#define CSCAN(s) ((struct cscan){ .text = (s), .line = 1, .fresh = true })

bool cscan_next(struct cscan *c, struct c_token *ret);

#endif
