/* One act while it is being done; shared by matter_act.c and matter_found.c. */
#ifndef BH_LOOP_MATTER_DOING_H
#define BH_LOOP_MATTER_DOING_H

#include "core/canon.h"
#include "loop/matter.h"

struct doing {
	struct ctx *cx;
	struct matter x; /* before */
	struct wf_matter after;
	int act;
	const struct wf_act *def;
	const struct wf_input *in;
	str subject;
	int64_t seq;
	unsigned char salt[SALT_BYTES];
	const struct deadline_rule *rule; /* by which the deadline was set, or NULL */
};

/* What a matter knows beyond a task, read from its row and its own fields. */
err doing_known(struct ctx *cx, struct matter *x) MUST_USE;
/* Looks up what the act's guards cannot: the clause, the deadline by law, the place and the matter named. */
err doing_lookup(struct doing *d, struct wf_input *given) MUST_USE;
/* The kind's own fields as they stand after the act. */
str doing_attrs(const struct doing *d);
/* Columns and parties that only such acts change. */
err doing_found(struct doing *d) MUST_USE;
/* The territory that handles it after the act. */
int64_t doing_handler(const struct doing *d);
void doing_event(const struct doing *d, struct canon *c);
err doing_put_party(struct doing *d, int64_t org, enum relation role, int64_t person) MUST_USE;
err doing_drop_parties(struct doing *d, enum relation role) MUST_USE;

#endif
