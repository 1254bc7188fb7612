/* Calendar feeds (RFC 5545): all-day deadlines. */
#ifndef BH_FORMAT_ICS_H
#define BH_FORMAT_ICS_H

#include "base/buf.h"

struct ics_event {
	str uid;            /* the same for the same matter, ever: "matter-17@host" */
	int64_t day;        /* since 1970-01-01; the event lasts that day */
	int64_t stamp_ms;   /* when it was last changed */
	int64_t sequence;   /* rises with each change */
	str summary, description, categories, url; /* empty ones are left out */
	int remind_days;    /* an alarm so many days before; 0 for none */
	bool cancelled;
};

void ics_begin(struct buf *b, str calendar_name);
void ics_event(struct buf *b, const struct ics_event *e);
void ics_end(struct buf *b);

#endif
