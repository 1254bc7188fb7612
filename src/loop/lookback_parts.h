/* What the files of look-backs share; nobody else includes it. */
#ifndef BH_LOOP_LOOKBACK_PARTS_H
#define BH_LOOP_LOOKBACK_PARTS_H

#include "loop/lookback.h"

/* So many tasks in one transaction. */
enum { LOOKBACK_PIECE = 100 };

/* What moved on between announcement and seed stays drawn, without a task: result DRAW_NO_TASK. */
err lookback_task_of_drawn(struct ctx *cx, const struct draw_record *d, struct draw_team *drawn, double threshold,
			   const struct lookback_lookers *who) MUST_USE;

#endif
