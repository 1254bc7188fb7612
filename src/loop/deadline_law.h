/* What law and practice say about time limits: catalog/deadline, one row a limit, with clause and certainty. */
#ifndef BH_LOOP_DEADLINE_LAW_H
#define BH_LOOP_DEADLINE_LAW_H

#include "core/catalog.h"
#include "core/sector.h"
#include "loop/deadline.h"

struct deadline_rule {
	str id, kind, step;         /* step: "rectify", or the state whose term it is */
	str grade;                  /* general, major; empty: any */
	int64_t sectors;            /* mask; 0: any */
	str objects;                /* types of supervised objects parted by blanks; empty: any */
	struct term term, limit;    /* limit: the longest that may be set; amount 0: none */
	str zh, en, clause, clause_en, source, source_zh, certainty;
	int64_t from_day, to_day;   /* in force, both inclusive */
};
struct deadline_rules {
	const struct deadline_rule *v;
	size_t n;
};
err deadline_rules_read(struct arena *a, const struct catalog *c, const struct sector_table *sectors, int64_t today,
			struct deadline_rules *ret, struct fail *f) MUST_USE;

struct deadline_case {
	str kind, step, grade, object_type;
	int64_t sectors;            /* mask */
	int64_t day;                /* on which it begins */
};
/* The row that fits best: one for the object's type before one for the sector before one for the grade before a
 * general one. NULL: no row. */
const struct deadline_rule *deadline_rule_of(const struct deadline_rules *t, const struct deadline_case *k);
const struct deadline_rule *deadline_rule_by_id(const struct deadline_rules *t, str id); /* NULL: unknown */

#endif
