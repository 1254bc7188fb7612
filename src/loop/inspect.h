/* Inspection: plans with their coverage, visits (检查) from planning to the closed record, and the draws of
 * whom to inspect.
 *
 * A visit is a table of its own, not a kind of matter: it is never overdue to anybody's blame, it has two
 * sides that sign, and what it finds becomes matters. Every step is an act with one event on "visit/<id>".
 * The record (Work Safety Law Art 68: time, place, content, problems, handling) does not change once it was
 * made; corrections are added.
 *
 *   planned ─▶ under-way ─▶ recorded ─▶ signed | refused ─▶ closed          planned ─▶ cancelled
 *
 * Functions check permission (inspect.do or inspect.plan in the object's place), write and leave an event.
 * ERR_NOT_FOUND: out of the caller's sight. `client_id` is a UUID made by a page that was offline, or empty.
 */
#ifndef BH_LOOP_INSPECT_H
#define BH_LOOP_INSPECT_H

#include "base/json.h"
#include "core/app.h"
#include "core/catalog.h"
#include "core/grant.h"
#include "loop/draw.h"
#include "loop/inspect_sql.h"

enum { INSPECT_TEXT_MAX = 20000, INSPECT_TEAM_MAX = 50, INSPECT_FINDINGS_MAX = 500 };

/* ---- what the catalog says ---- */

struct inspect_rules;
/* Reads catalog/inspection in force on `today`. */
err inspect_rules_read(struct arena *a, const struct catalog *c, int64_t today, struct inspect_rules **ret,
		       struct fail *f) MUST_USE;
/* A row of the table of rules: "min-inspectors"; `preset` when there is none. */
int64_t inspect_rule(const struct inspect_rules *t, const char *id, int64_t preset);

struct inspect_frequency {
	str id, risk, type; /* risk: red … blue, none, any */
	int64_t region;     /* 0: everywhere */
	int64_t every_days;
	str zh, en, source, certainty;
};
size_t inspect_frequencies(const struct inspect_rules *t, const struct inspect_frequency **ret);
/* The row that says how often: of those that fit the shortest interval. Never NULL with a sound catalog; else
 * NULL. */
const struct inspect_frequency *inspect_frequency(const struct inspect_rules *t, str risk, str type,
						  int64_t region);

/* ---- plans ---- */

#define PLAN_RECURS "week|month|quarter|half-year|year"

struct plan_member {
	str team;
	int64_t account;
	bool leader;
};
struct plan_every {
	str risk; /* red orange yellow blue none */
	int64_t days;
};
struct plan {
	int64_t region, id, from_day, to_day, sectors, secret, org, account, created_ms, ended_ms, ver;
	str name, campaign, recurs, checklist, reason;
	bool unannounced;
	const str *types; /* empty: every */
	size_t ntypes;
	const struct plan_every *every; /* instead of the catalog's */
	size_t nevery;
	const struct plan_member *members;
	size_t nmembers;
};
/* Takes everything but id, org, account, times, ver. ERR_BAD_FIELD names the field. */
err plan_put(struct ctx *cx, const struct plan *in, int64_t *ret_id) MUST_USE;
struct plan_change {
	int64_t id, ver, to_day;           /* DB_NONE: as it is */
	str name, campaign, checklist;     /* null: as it is */
	const struct plan_member *members; /* NULL: as they are */
	size_t nmembers;
	const struct plan_every *every; /* NULL: as they are */
	size_t nevery;
};
err plan_alter(struct ctx *cx, const struct plan_change *in) MUST_USE;
err plan_end(struct ctx *cx, int64_t id, int64_t ver, str reason) MUST_USE;
/* In the caller's scope for `perm` ("matter.read", "inspect.plan"). */
err plan_get(struct ctx *cx, int64_t id, str perm, struct plan *ret) MUST_USE;
/* The round of a plan that contains a day: the whole plan without recurrence. Clamped to the plan. */
void plan_round(const struct plan *p, int64_t day, int64_t *ret_from, int64_t *ret_to);

/* ---- coverage ---- */

enum cover_status { COVER_VISITED, COVER_DUE, COVER_OVERDUE, COVER_LATER, COVER_STATUS_COUNT };
const char *cover_status_name(enum cover_status s); /* "visited" … */

struct cover_row {
	int64_t object, region, owner, last_ms; /* last_ms DB_NONE: never visited */
	str type, risk;
	int64_t every_days, due_day;
	bool never;
	enum cover_status status;
};
struct cover_count {
	int64_t objects, visited, due, overdue, later, never;
};
enum { COVER_RISKS = 5, COVER_NEXT = 50 }; /* red orange yellow blue none */
struct coverage {
	int64_t round_from, round_to, as_of_day;
	struct cover_count all, by_risk[COVER_RISKS];
	struct cover_row next[COVER_NEXT]; /* due first */
	size_t nnext;
};
extern const char *const cover_risks[COVER_RISKS];
/* When is an object due? Pure. Never visited: `every_days` after the plan began; no later than the plan's
 * last day. */
int64_t cover_due_day(int64_t last_day, int64_t every_days, int64_t plan_from, int64_t plan_to);
/* One pass over the plan's objects in the caller's scope, as of a day. */
err plan_coverage(struct ctx *cx, const struct plan *p, int64_t day, struct coverage *ret) MUST_USE;
/* The rows themselves, by object id. */
err plan_cover_rows(struct ctx *cx, const struct plan *p, int64_t day, struct cover_row **ret,
		    size_t *ret_n) MUST_USE;

/* ---- draws ---- */

struct plan_draw {
	int64_t plan, want, inspectors; /* inspectors of each visit */
	bool due_only;                  /* of what is due in this round; else of everything */
	str seed_source;
};
/* See draw_prepare(); without a connection in cx it reads a snapshot of its own. */
err plan_draw_prepare(struct ctx *cx, const struct plan_draw *in, struct draw_prepared *ret) MUST_USE;
/* Gives the seed; with planned_day ≥ 0 a visit is planned for each thing drawn. */
err plan_draw_seed(struct ctx *cx, int64_t plan, const struct draw_seeding *s, int64_t planned_day,
		   struct draw_record *ret_after) MUST_USE;

/* ---- visits ---- */

struct visit_new {
	str client_id;
	int64_t plan, draw, follows, object; /* 0: none; an object is obligatory */
	str source;                          /* catalog/source; empty: by plan, draw, unannounced */
	bool unannounced;
	int64_t planned_day;        /* DB_NONE: today */
	struct json_ids inspectors; /* accounts; the first leads */
	str checklist;              /* object type whose list to use, empty: the object's or the plan's */
	struct json_strs items;     /* only these; empty: all */
};
err visit_put(struct ctx *cx, const struct visit_new *in, int64_t *ret_id) MUST_USE;

struct visit {
	struct visit_load_row row;
	struct visit_inspectors_rows inspectors;
	struct access_row access;
};
/* In the caller's sight for matter.read: the scope, or as the inspected unit, or as an inspector of it. */
err visit_get(struct ctx *cx, int64_t id, struct visit *ret) MUST_USE;
/* By id or by the UUID of the page that made it. */
err visit_named(struct ctx *cx, str name, int64_t *ret_id) MUST_USE;
bool visit_is_inspector(const struct ctx *cx, const struct visit *v);

struct visit_at {        /* when and where the device says it was */
	int64_t ms;      /* DB_NONE: now; later than now is refused */
	double lat, lon; /* NaN: not said */
};
err visit_start(struct ctx *cx, int64_t id, int64_t ver, struct visit_at at, str place) MUST_USE;

struct visit_reply {
	str client_id, item, value, note; /* value: as the checklist wants it; null withdraws nothing */
	struct visit_at at;
};
/* Every answer is kept; *ret_wins: it is the one captured last. */
err visit_answer(struct ctx *cx, int64_t id, const struct visit_reply *in, bool *ret_wins) MUST_USE;

struct visit_found {
	str client_id, item, criterion, title, text, spot;
	bool fixed, now; /* put right on the spot; make the matter at once */
	int64_t due_day; /* DB_NONE: as the rules of deadlines say */
	struct visit_at at;
};
/* After the record was made it is still taken, as a late one. */
err visit_find(struct ctx *cx, int64_t id, const struct visit_found *in, int64_t *ret_finding) MUST_USE;

struct visit_words {
	str content, problems, handling;
	int64_t ended_ms; /* DB_NONE: now */
	bool clean;       /* "nothing was found", said expressly */
};
err visit_record(struct ctx *cx, int64_t id, int64_t ver, const struct visit_words *in) MUST_USE;

struct visit_signing {
	str side;            /* "inspector", "unit" */
	str name, title;     /* the unit's representative on the inspector's device */
	str file;            /* client id of the drawn signature */
	str reason, witness; /* of a refusal */
	struct visit_at at;
};
err visit_sign(struct ctx *cx, int64_t id, const struct visit_signing *in) MUST_USE;
err visit_refuse(struct ctx *cx, int64_t id, const struct visit_signing *in) MUST_USE;
/* What was found and is not a matter yet becomes one. */
err visit_close(struct ctx *cx, int64_t id, int64_t ver) MUST_USE;
err visit_cancel(struct ctx *cx, int64_t id, int64_t ver, str reason) MUST_USE;
err visit_note(struct ctx *cx, int64_t id, str text) MUST_USE;
/* A visit that carries the failed items of this one. */
err visit_follow_up(struct ctx *cx, int64_t id, int64_t planned_day, struct json_ids inspectors,
		    int64_t *ret_id) MUST_USE;

#endif
