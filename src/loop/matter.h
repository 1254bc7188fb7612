/* Matters: anything that must be brought to an end. A matter is changed by acts only; an act is
 * checked against its workflow, written as one event of the region's ledger and applied to the
 * tables, all in the caller's write transaction. */
#ifndef BH_LOOP_MATTER_H
#define BH_LOOP_MATTER_H

#include "base/json.h"
#include "core/grant.h"
#include "loop/loop.h"
#include "loop/matter_sql.h"

enum { MATTER_TITLE_MAX = 500, MATTER_TEXT_MAX = 20000, MATTER_ORGS_MAX = 100, MATTER_DEPTH_MAX = 8 };

/* Where and how something was found; all of it may be left out. */
struct matter_found {
	int64_t object;              /* supervised object; its owner leads unless a lead is given */
	bool placed;
	double lat, lon;             /* degrees, when placed; must lie in the region */
	str source, cause;           /* rows of catalog/source */
	int64_t found_ms;            /* 0: now */
	int64_t visit, contractor;
	str criterion;               /* of a major hazard */
	str attrs;                   /* JSON object: the kind's own fields */
};

struct matter_new {
	struct matter_found found;
	int64_t region;              /* 0: the region of the caller's organisation */
	str kind, title, text, measures, recurs;
	str targets;                 /* JSON list as TARGET below, or the null string */
	int64_t sectors, secret;
	struct json_ids lead, co;
	int64_t due_day;             /* JSON_NONE: no deadline */
	int64_t parent;              /* 0: none; the caller must see it and lead, assign or supervise it */
	int64_t document, draft, span_start, span_end;
	int64_t assigner_org;        /* 0: the caller's */
};

/* ERR_BAD_FIELD names the field; ERR_FORBIDDEN without matter.create there. */
err matter_create(struct ctx *cx, const struct matter_new *in, int64_t *ret_id) MUST_USE;

/* A matter with all that its rules look at. */
struct matter {
	struct matter_load_row row;
	const struct workflow *wf;
	struct wf_matter m;
	struct access_row access;
};
/* In the caller's scope for matter.read; else ERR_NOT_FOUND. */
err matter_get(struct ctx *cx, int64_t id, struct matter *ret) MUST_USE;
/* The same without what is counted (evidence, reports, children), for acts whose guards do not look at it. */
err matter_get_lean(struct ctx *cx, int64_t id, struct matter *ret) MUST_USE;
/* The same for what happens on behalf of the system, out of any scope; cx->who must be NULL. */
err matter_get_system(struct ctx *cx, int64_t id, struct matter *ret) MUST_USE;
err matter_count(struct ctx *cx, struct matter *x) MUST_USE;
/* The caller as seen by this matter's workflow. `x` must outlive the actor. */
struct matter_actor {
	struct ctx *cx;
	const struct matter *x;
};
struct wf_actor matter_actor_of(const struct matter_actor *ma);

/* Until when the present state may last, and the row of catalog/deadline that says so (NULL: the workflow's own
 * term, or a day somebody set). NO_DUE_MS without an end. */
int64_t matter_until_ms(const struct ctx *cx, const struct calendar *c, const struct matter *x, str object_type,
			const struct deadline_rule **ret_rule);

struct wf_input matter_no_input(void);
/* in->ver 0: whatever version there is (bulk). ERR_STALE has args ver, state, by, at. */
err matter_act(struct ctx *cx, int64_t id, str act, const struct wf_input *in, struct matter *ret_after) MUST_USE;
/* The same, with what subscribers are told. */
struct matter_moved {
	int64_t ver;
	str kind;
	struct access_row access; /* after the act: who may read it may hear of it */
	bool opened;              /* it opened to somebody else's territory */
};
struct req;
void matter_tell(struct req *rq, int64_t id, const struct matter_moved *m);
void matter_tell_now(struct ctx *cx, int64_t id, const struct matter_moved *m);
err matter_move(struct ctx *cx, int64_t id, str act, const struct wf_input *in, struct matter_moved *ret) MUST_USE;
/* An act of the system (who = system in its row): a clock that ran out, a reporter without an account. cx->who must be NULL. */
err matter_move_system(struct ctx *cx, int64_t id, str act, const struct wf_input *in, struct matter_moved *ret) MUST_USE;
/* All or nothing; the pointer of the failure is /ids/<place>. */
err matter_bulk(struct ctx *cx, struct json_ids ids, str act, const struct wf_input *in) MUST_USE;

/* Rewrites the progress of the ancestors of `parent` from their children. */
err matter_roll_up(struct ctx *cx, int64_t parent_region, int64_t parent) MUST_USE;

/* The name under which the words of a field stand beside those of the act: "plan/measures". */
str matter_said_act(struct arena *a, str act, str field);

/* What search finds: number, title, text, measures. */
str matter_search_text(struct arena *a, str no, str title, str text, str measures);

/* "350203-2026-task-000017": place, year, kind, number. The place is the code without empty levels. */
str matter_number(struct arena *a, int64_t region, int64_t year, str kind, int64_t n);

#endif
