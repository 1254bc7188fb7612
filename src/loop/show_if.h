/* When a checklist's item is shown: an expression over answers of earlier items (grammar: loop/checklist.h).
 * Pure; also used by the build's check of catalogs. */
#ifndef BH_LOOP_SHOW_IF_H
#define BH_LOOP_SHOW_IF_H

#include "base/arena.h"

enum { SHOW_IF_BYTES = 500, SHOW_IF_DEPTH = 16 };

struct show_if;
struct show_answer {
	str choice; /* "yes", "no", "na"; "" for numbers */
	double number;
};
/* False when it is not understood: ret_bad is the rest of the text from where it is not. */
bool show_if_parse(struct arena *a, str text, const struct show_if **ret, str *ret_bad) MUST_USE;
/* `answer` says false for an item without answer. */
bool show_if_holds(const struct show_if *e, bool (*answer)(void *arg, str item, struct show_answer *ret),
		   void *arg);
/* Every comparison: the item, and whether it is compared with a number. */
void show_if_each(const struct show_if *e, void (*fn)(void *arg, str item, bool number), void *arg);

#endif
