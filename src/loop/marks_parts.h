/* Shared by marks*.c. */
#ifndef BH_LOOP_MARKS_PARTS_H
#define BH_LOOP_MARKS_PARTS_H

#include "base/vec.h"
#include "core/canon.h"
#include "loop/marks.h"
#include "loop/marks_sql.h"

struct marking {
	struct ctx *cx;
	const struct matter *x;
	const struct mark_rules *rules;
	struct mark_events_rows events;
	struct mark_decisions_rows decisions;
	struct canon values;           /* of the mark that is being made */
	VEC(struct matter_mark) out;
};

/* Starts a mark: what is written into m->values until mark_end() becomes its numbers. False when the catalog does
 * not have the kind. */
bool mark_begin(struct marking *m, enum mark_kind kind);
void mark_end(struct marking *m, enum mark_kind kind, int64_t number, int64_t file, const struct mark_other *other, str text);
/* "3", "1.5", "120" in the arena: for arguments of texts. */
const char *mark_num(struct marking *m, double v);
const char *mark_day(struct marking *m, int64_t ms);   /* 2026-11-02 09:30, China's time */
double mark_p(const struct marking *m, enum mark_param p);
/* Does this organisation rectify: lead, co-operating unit or contractor? */
bool mark_rectifier(const struct marking *m, int64_t org);
/* The act that an event is, -1 for others. */
int mark_act(const struct marking *m, str kind);

err marks_photos(struct marking *m) MUST_USE;
err marks_texts(struct marking *m) MUST_USE;
err marks_course(struct marking *m) MUST_USE;

#endif
