/* A workflow is data: states, acts, who may do them, guards, fields, terms. This module reads it,
 * says what may be done to a matter, and what an act changes. It knows no kind of matter.
 * Guards and effects are small closed sets of C functions, named in the catalog. */
#ifndef BH_LOOP_WORKFLOW_H
#define BH_LOOP_WORKFLOW_H

#include "base/buf.h"
#include "base/err.h"
#include "loop/deadline.h"

/* How somebody stands to a matter. A word with a dot in `who` is a permission instead. */
#define RELATIONS(X)                                                                               \
	X(LEAD, "lead")                                                                            \
	X(CO, "co")                                                                                \
	X(LEADER, "leader")                                                                        \
	X(ASSIGNER, "assigner")                                                                    \
	X(VERIFIER, "verifier")                                                                    \
	X(SUPERVISOR, "supervisor")                                                                \
	X(REPORTER, "reporter")                                                                    \
	X(RECEIVER, "receiver") /* whom it is offered to */                                        \
	X(SYSTEM, "system")
enum relation {
#define X(id, name) REL_##id,
	RELATIONS(X)
#undef X
	REL_COUNT
};
const char *relation_name(enum relation r);

/* name, error, message key. `arg` of a guard is the number behind its colon. */
#define GUARDS(X)                                                                                  \
	X(NOT_PARTY, "not-party", SEPARATION, "err.guard.not_party")                               \
	X(NOT_REPORTER, "not-reporter", SEPARATION, "err.guard.not_reporter")                      \
	X(SECOND_PERSON, "second-person", SEPARATION, "err.guard.second_person")                   \
	X(SECOND_UNIT, "second-unit", SEPARATION, "err.guard.second_unit")                         \
	X(HAS_EVIDENCE, "has-evidence", GUARD, "err.guard.evidence")                               \
	X(HAS_REPORT, "has-report", GUARD, "err.guard.report")                                     \
	X(HAS_DUE, "has-due", GUARD, "err.guard.no_due")                                           \
	X(NOT_EXPIRED, "not-expired", GUARD, "err.guard.expired")                                  \
	X(LATER, "later", GUARD, "err.guard.later")                                                \
	X(QUOTA, "quota", GUARD, "err.guard.quota")                                                \
	X(CHILDREN_CLOSED, "children-closed", GUARD, "err.guard.children_open")                    \
	X(GRADED, "graded", GUARD, "err.guard.graded")                                             \
	X(GENERAL, "general", GUARD, "err.guard.general")                                          \
	X(MAJOR, "major", GUARD, "err.guard.major")                                                \
	X(CRITERION, "criterion-in-force", GUARD, "err.guard.criterion")                           \
	X(HAS_LEAD, "has-lead", GUARD, "err.guard.lead")                                           \
	X(WITHIN_TERM, "within-term", GUARD, "err.guard.term")                                     \
	X(EARLIER, "earlier", GUARD, "err.guard.earlier")                                          \
	X(WITHIN_DUE, "within-due", GUARD, "err.guard.within_due")                                 \
	X(TOTAL_DAYS, "total-days", GUARD, "err.guard.total_days")                                 \
	X(FIVE_ELEMENTS, "five-elements", GUARD, "err.guard.five")                                 \
	X(PLAN_APPROVED, "plan-approved", GUARD, "err.guard.plan")                                 \
	X(LISTED, "listed", GUARD, "err.guard.listed")                                             \
	X(NOT_LISTED, "not-listed", GUARD, "err.guard.not_listed")                                 \
	X(LISTING_UNIT, "listing-unit", SEPARATION, "err.guard.listing_unit")                      \
	X(STOPPED, "stopped", GUARD, "err.guard.stopped")                                          \
	X(NOT_STOPPED, "not-stopped", GUARD, "err.guard.not_stopped")                              \
	X(ON_SITE, "on-site", GUARD, "err.guard.on_site")                                          \
	X(VERIFIED, "verified", GUARD, "err.guard.verified")                                       \
	X(NOT_VERIFIER, "not-verifier", SEPARATION, "err.guard.not_verifier")                      \
	X(NOTICE_ELAPSED, "notice-elapsed", GUARD, "err.guard.notice")
enum guard {
#define X(id, name, code, key) GUARD_##id,
	GUARDS(X)
#undef X
	GUARD_COUNT
};

#define EFFECTS(X)                                                                                 \
	X(SET_LEAD, "set-lead")         /* lead and co become the given units */                   \
	X(SET_DUE, "set-due")           /* the deadline becomes the given day, if one is given */  \
	X(SET_PROGRESS, "set-progress")                                                            \
	X(REPORT, "report")             /* keeps a progress report */                              \
	X(REPORTER, "reporter")         /* who asked for verification */                           \
	X(ASK, "ask")                   /* waits for a decision; remembers who asked for what */   \
	X(GRANT, "grant")               /* the asked deadline becomes the deadline */              \
	X(DROP, "drop")                 /* nothing waits any more */                               \
	X(VERIFIED, "verified")         /* the actor's unit is the verifier of this round */       \
	X(REDO, "redo")                 /* verification does not stand any more */                 \
	X(CLOSE, "close")                                                                          \
	X(REOPEN, "reopen")             /* the same dossier, one more round */                     \
	X(STOP_CLOCK, "stop-clock")                                                                \
	X(START_CLOCK, "start-clock")   /* the deadline moves by the days it stood */              \
	X(SET_ATTRS, "set-attrs")       /* the kind's own fields are kept with the matter */       \
	X(SET_GRADE, "set-grade")       /* grade and criterion as given; the plan has to be made */ \
	X(SET_TERM, "set-term")         /* the given day, or what catalog/deadline says from now */ \
	X(PLAN, "plan")                 /* the plan's elements are kept; it waits for approval */  \
	X(APPROVE, "approve")                                                                      \
	X(UNPLAN, "unplan")             /* the approval does not stand any more */                 \
	X(STOP_USE, "stop-use")         /* out of use until consent to resume */                   \
	X(RESUME_USE, "resume-use")                                                                \
	X(LIST, "list")                 /* listed for supervision; the actor's unit supervises */  \
	X(DELIST, "delist")                                                                        \
	X(TAKE_OVER, "take-over")       /* the actor's unit assigns from now on */                 \
	X(NOTICE, "notice")             /* public notice begins */                                 \
	X(MERGE, "merge")               /* the same as another matter, which goes on */            \
	X(SET_HANDLER, "set-handler")   /* another territory handles it */                         \
	X(CONTRACTOR, "set-contractor") /* who does the work for the lead */
enum effect {
#define X(id, name) EFFECT_##id,
	EFFECTS(X)
#undef X
	EFFECT_COUNT
};

enum { WF_STATES = 63, WF_SAME = -1, WF_PREV = -2 };
enum { WF_DUE = -1, WF_NONE = -2 }; /* wf_state.term */

struct wf_term {
	str id, zh, en;
	struct term term;
};
struct wf_state {
	str id, zh, en;
	int row;            /* in states.tsv */
	bool open, initial;
	bool side;          /* a detour: left towards the state before */
	bool done;          /* closed because it was brought to an end */
	uint64_t owners;    /* mask of relations */
	int term;           /* index into terms, WF_DUE (the matter's own) or WF_NONE */
};
enum field_type { FIELD_TEXT, FIELD_DATE, FIELD_PERCENT, FIELD_ORG, FIELD_ORGS, FIELD_FILES,
		  FIELD_PERSON, FIELD_SELECT, FIELD_NUMBER, FIELD_COUNT };
struct wf_field {
	str name, zh, en, options;
	enum field_type type;
	bool required;
	int64_t max;        /* 0: none; characters, items or value */
};
struct wf_guard {
	enum guard id;
	int64_t arg;
};
struct wf_act {
	str id, zh, en;
	int row;            /* in acts.tsv */
	uint64_t from;      /* mask of states */
	int to;             /* state, WF_SAME or WF_PREV */
	uint64_t who;       /* mask of relations */
	const char *perms[4]; /* any of them will do too; ended by NULL */
	struct wf_guard guards[8];
	size_t nguards;
	uint64_t effects;   /* mask */
	const struct wf_field *fields;
	size_t nfields;
};
struct wf_role {
	str zh, en;
};
/* What a choice of a field is called. */
struct wf_option {
	str field, id, zh, en;
};
struct workflow {
	str kind, edition, zh, en;
	const struct wf_state *states;
	size_t nstates;
	const struct wf_act *acts;
	size_t nacts;
	const struct wf_term *terms;
	size_t nterms;
	struct wf_role roles[REL_COUNT];
	const struct wf_option *options;
	size_t noptions;
	int initial;
	int64_t amber_days; /* working days */
	int64_t day_end;    /* minute of the day at which a day's deadline ends */
};

/* The catalog's files as text. */
struct wf_source {
	str meta, states, acts, fields, deadlines, roles;
	str options;        /* may be the null string: a workflow without choices */
};
/* Reads and checks the form; ERR_BAD_FORMAT with args file, row, word. Strings are copied. */
err workflow_load(struct arena *a, const struct wf_source *src, struct workflow **ret, struct fail *f) MUST_USE;
int workflow_state(const struct workflow *wf, str id);   /* -1: none */
int workflow_act(const struct workflow *wf, str id);     /* -1: none */
const struct wf_option *workflow_option(const struct workflow *wf, str field, str id); /* NULL: none */

/* Proves what must hold for any workflow: labels in both languages, every state reachable, a way
 * out of every open state, owner and term for each, nobody verifies their own work, nothing ends
 * well unverified, what stops the clock starts it again, a request is decided by another.
 * Adds one line of English per fault to `faults` and returns how many. */
size_t workflow_check(const struct workflow *wf, struct buf *faults);
void workflow_dot(const struct workflow *wf, bool zh, struct buf *out);

/* ---- one matter ---- */

struct wf_party {
	enum relation role;
	int64_t org, person; /* person 0: the organisation */
};
struct wf_pending {
	int act;             /* index of what was asked, -1: nothing */
	int64_t by, org;     /* account and unit that asked */
	int64_t due_ms;      /* the deadline asked for, or NO_DUE_MS */
	int64_t at_ms;
	int64_t to;          /* unit that it is offered to, 0: none */
};
enum wf_grade { GRADE_NONE, GRADE_GENERAL, GRADE_MAJOR };
const char *grade_name(enum wf_grade g); /* "", "general", "major" */
enum wf_grade grade_parse(str s);
enum { NOTICE_NONE = -1 };
/* What guards look at and effects change. */
struct wf_matter {
	int64_t ver;
	int state, prev;
	int64_t lead_org, assigner_org, assigner;
	const struct wf_party *parties;
	size_t nparties;
	int64_t due_ms, held_due_ms;
	int64_t reporter, reporter_org;
	int64_t verifier, verifier_org;      /* of this round; 0: none */
	struct wf_pending pending;
	int64_t extensions, round, progress;
	int64_t state_ms, closed_ms;         /* closed_ms 0: not closed */
	int64_t files, reports;              /* of this round */
	int64_t children, open_children;
	enum wf_grade grade;
	bool listed, stopped;
	bool planned, approved;              /* the plan holds the five elements; it was approved */
	int64_t first_due_ms;                /* the deadline first set in this round; 0: none yet */
	int64_t notice_days;                 /* working days since the public notice; NOTICE_NONE */
};
struct wf_actor {
	int64_t account, org, person;
	bool system;
	bool handles;        /* the matter was handed to his unit's territory: he stands as its assigner */
	bool (*may)(const void *arg, const char *perm); /* a permission on this very matter */
	const void *arg;
};
struct wf_more {
	str name, value;
};
/* What came with the act. Absent: null string, INT64_MIN, 0, n == 0. */
struct wf_input {
	int64_t ver;         /* of the matter the actor saw */
	str text, period;
	int64_t due_day, percent;
	int64_t lead, person;
	const int64_t *co, *files;
	size_t nco, nfiles;
	const struct wf_more *more;
	size_t nmore;
	int64_t term_ms, limit_ms; /* by catalog/deadline: what holds when no day is given; the latest allowed */
};
/* The value of one of the kind's own fields; the null string when it did not come. */
str workflow_more(const struct wf_input *in, str name);

/* May this actor do this act now? `in` NULL: before the fields are known (guards that look at
 * fields are taken to hold). ERR_STALE, ERR_GUARD, ERR_SEPARATION, ERR_FORBIDDEN, ERR_BAD_FIELD. */
err workflow_try(const struct workflow *wf, int act, const struct wf_matter *m, const struct wf_actor *who,
		 const struct wf_input *in, int64_t now_ms, struct fail *f) MUST_USE;
/* What the matter is after it; `m` was tried. Parties are left to the caller (SET_LEAD, VERIFIED). */
struct wf_matter workflow_apply(const struct workflow *wf, int act, const struct wf_matter *m,
				const struct wf_actor *who, const struct wf_input *in, int64_t now_ms);
/* Do its guards look at evidence, reports or children? Then they must have been counted. */
bool workflow_looks_around(const struct wf_act *act);
bool workflow_has_effect(const struct wf_act *act, enum effect e);
bool workflow_has_guard(const struct wf_act *act, enum guard g);
/* Is this act one for such a matter at all? (an act for major hazards only, for what is out of use …) */
bool workflow_applies(const struct wf_act *act, const struct wf_matter *m);
bool workflow_relates(const struct wf_matter *m, const struct wf_actor *who, enum relation r);
/* Does this state wait for the actor? (an owner's relation, or the permission that stands for it) */
bool workflow_waits_for(const struct workflow *wf, const struct wf_matter *m, const struct wf_actor *who);
/* Until when the present state may last; NO_DUE_MS without a term. */
int64_t workflow_until_ms(const struct workflow *wf, const struct calendar *c, const struct wf_matter *m);

#endif
