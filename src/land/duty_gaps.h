/* Where nobody is answerable, or more than one: every object × sector weighed by the rules of duty. */
#ifndef BH_LAND_DUTY_GAPS_H
#define BH_LAND_DUTY_GAPS_H

#include "core/duty.h"

enum { GAPS_ANY, GAPS_MISSING, GAPS_OVERLAP };
struct gaps_query {
	int64_t region;          /* and all beneath */
	int64_t sector;          /* mask of one sector, DB_NONE: every */
	int line;                /* of the list, -1: any */
	int what;                /* of the list, GAPS_… */
	int64_t day;
	int64_t after;           /* id of an object */
	size_t max;              /* objects of the list */
};
struct gaps_count {
	int64_t pairs, covered, overlaps; /* objects × sectors; an object without a sector is one */
};
struct gaps_object {
	struct duty_place place;
	str no, name, name_en;
	struct duty_rows rows;   /* only those that lack somebody or overlap, of the line asked for */
};
struct gaps_report {
	int64_t objects;
	struct gaps_count all;   /* covered: every demanded line has a named, serving person */
	struct gaps_count lines[DUTY_LINE_COUNT];
	int64_t found;           /* objects in the whole list */
	const struct gaps_object *v;
	size_t n;
	bool more;
};
/* Within the caller's scope for object.read. Reads every object once. */
err gaps_report(struct ctx *cx, const struct gaps_query *q, struct gaps_report *ret) MUST_USE;

#endif
