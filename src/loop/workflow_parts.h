/* Between the files of the workflow. */
#ifndef BH_LOOP_WORKFLOW_PARTS_H
#define BH_LOOP_WORKFLOW_PARTS_H

#include "loop/workflow.h"

struct trial {
	const struct wf_matter *m;
	const struct wf_actor *who;
	const struct wf_input *in; /* NULL: not known yet */
	int64_t now_ms;
	int64_t day_end;
};

bool guard_holds(const struct wf_guard *g, const struct trial *t);
err fields_check(const struct wf_act *act, const struct wf_matter *m, const struct wf_input *in,
		 struct fail *f) MUST_USE;

struct change {
	const struct workflow *wf;
	int act;
	const struct wf_actor *who;
	const struct wf_input *in;
	int64_t now_ms;
};

void effects_apply(struct wf_matter *m, const struct change *c);

/* Who has to bring it to an end, and who told of it: they may not judge it. */
bool workflow_rectifies(const struct wf_matter *m, const struct wf_actor *who);
bool workflow_reported(const struct wf_matter *m, const struct wf_actor *who);

#endif
