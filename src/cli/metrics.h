/* Counters in the text format of Prometheus, of everything that counts. Nothing personal; labels are fixed words of the program. */
#ifndef BH_CLI_METRICS_H
#define BH_CLI_METRICS_H

#include "base/buf.h"
#include "core/app.h"

enum metric_type { METRIC_COUNTER, METRIC_GAUGE };
/* One metric with one value for each label; label NULL: a single value without. Values of one name must come together. */
struct metric {
	const char *name, *help, *label, *value;
	enum metric_type type;
	double v;
};
void metrics_put(struct buf *b, const struct metric *m, size_t n);
void metrics_text(struct buf *b, const struct app *app);

#endif
