/* Makes the tasks of large draws of look-backs while the server runs, see lookback_seed(). */
#ifndef BH_LOOP_LOOKBACK_WORK_H
#define BH_LOOP_LOOKBACK_WORK_H

#include "core/app.h"

struct lookback_work;
/* Goes on with what an earlier server left. `app` must outlive it. */
err lookback_work_start(const struct app *app, struct lookback_work **ret, struct fail *f) MUST_USE;
void lookback_work_stop(struct lookback_work *w);

#endif
