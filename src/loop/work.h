/* My work: what waits for me, what I wait for, what is due soon. And the cockpit: one pass over what
 * is open in the caller's scope. All computed at the given time, nothing stored. */
#ifndef BH_LOOP_WORK_H
#define BH_LOOP_WORK_H

#include "loop/matter_list.h"

enum { WORK_MAX = 1000, WORK_VERIFY = 300, WORK_SHOWN = 50, WORK_SIDE = 20, COCKPIT_WEEKS = 12, COCKPIT_RED = 10 };

struct work {
	struct matter_key *needs_me, *waiting, *due_soon;
	size_t nneeds, nwaiting, nsoon;
	int64_t overdue, due_week;
};
err work_load(struct ctx *cx, struct work *ret) MUST_USE;

/* ---- the cockpit's sums, pure: rows go in one by one ---- */

enum { SECTOR_BITS = 62 }; /* as core/sector.h */
struct cockpit_cell {
	int64_t region;     /* at the level below the cockpit's place */
	int64_t open, overdue;
	int64_t by_sector_open[SECTOR_BITS], by_sector_overdue[SECTOR_BITS];
};
struct cockpit_state {
	str id;
	int64_t n;
};
struct cockpit {
	struct arena *a;
	int64_t now_ms, week_end_ms, month_start_ms, first_week_ms;
	int64_t level;      /* of by_region */
	int64_t open, overdue, due_week, closed_month, closed_in_time, closed_with_due;
	struct cockpit_cell *cells;
	size_t ncells, cells_cap;
	struct cockpit_state *states;
	size_t nstates, states_cap;
	int64_t opened_at[COCKPIT_WEEKS], closed_at[COCKPIT_WEEKS];
};
void cockpit_begin(struct cockpit *c, struct arena *a, int64_t now_ms, int64_t level);
void cockpit_add_open(struct cockpit *c, int64_t region, int64_t sectors, str state, int64_t due_ms);
void cockpit_add_closed(struct cockpit *c, int64_t closed_ms, int64_t due_ms);
void cockpit_add_opened(struct cockpit *c, int64_t opened_ms);

#endif
