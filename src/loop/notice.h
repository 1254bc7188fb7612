/* Official papers of a matter: orders, listing notices, letters, records. A paper is drafted from a template
 * (catalog/notice), issued with a number of the issuing unit, served, and acknowledged by the addressee. What
 * was issued is kept as bytes with their hash and never changed; issuing again makes another version under
 * the same number, which must be served again. */
#ifndef BH_LOOP_NOTICE_H
#define BH_LOOP_NOTICE_H

#include "format/paper.h"
#include "http/http.h"
#include "loop/matter.h"
#include "loop/notice_sql.h"

enum { NOTICE_FIELDS_MAX = 40, NOTICE_VALUE_MAX = 20000, NOTICE_DAYS_MAX = 3650, NOTICE_FILES_MAX = 20 };

/* ---- the catalog ---- */

struct notice_template {
	str id, zh, en, number, to, perms, acts, serve_acts, clock, deadline, unit, basis_zh, basis_en, source, source_zh, certainty;
	int64_t days;               /* preset of the term, 0: none */
	bool ack, red;
};
struct notice_field {
	str name, from, type, zh, en;
};
struct notice_given {
	const struct notice_field *field;
	bool required;
	int64_t max;
	str preset_zh, preset_en;
};
struct notice_block {
	str kind, when, zh, en;
};
struct notice_method {
	str id, zh, en;
	bool evidence, witness;
};
/* The edition in force on a day. Lives in the arena; reads the catalog each time (some thousand cells). */
struct notice_rules {
	struct arena *a;
	str edition;
	struct rows templates, fields, given, blocks, methods, numbers;
};
err notice_rules_read(struct ctx *cx, int64_t day, struct notice_rules *ret) MUST_USE;
/* The edition that a paper was drafted under; ERR_NOT_FOUND when it is no more. */
err notice_rules_edition(struct ctx *cx, str edition, struct notice_rules *ret) MUST_USE;
bool notice_template_find(const struct notice_rules *r, str id, struct notice_template *ret);
size_t notice_templates(const struct notice_rules *r, struct notice_template **ret);
size_t notice_given_of(const struct notice_rules *r, str template, struct notice_given **ret);
size_t notice_blocks_of(const struct notice_rules *r, str template, struct notice_block **ret);
bool notice_method_find(const struct notice_rules *r, str id, struct notice_method *ret);
size_t notice_methods(const struct notice_rules *r, struct notice_method **ret);
bool notice_field_find(const struct notice_rules *r, str name, struct notice_field *ret);
/* "示例区安责改〔2026〕12号" by the pattern of a series. */
str notice_number_text(struct arena *a, const struct notice_rules *r, str series, str letters, int64_t year, int64_t n);
/* Does a list "hazard:order task:urge" name an act of this kind? Its id, else the null string; `i` counts from 0. */
str notice_act_of(str acts, str kind, size_t i);

/* ---- words ---- */

/* "2026年11月23日", "23 November 2026". */
str notice_date(struct arena *a, bool zh, int64_t day);
/* "自收到本文书之日起10个工作日内", "于2026年12月7日前": the ordered time, or "" when none is ordered. */
str notice_deadline_words(struct arena *a, bool zh, int64_t days, str unit, int64_t due_day, str clock);
/* The last day: the ordered day, or the term from its start; DB_NONE while the clock has not started. */
int64_t notice_due(const struct calendar *c, const struct notice_load_row *n);

/* ---- one paper ---- */

#define NOTICE_VALUE(F, O, L)                                                                      \
	F(STR, name, REQ, .max = 40)                                                               \
	F(STR, value, OPT, .max = NOTICE_VALUE_MAX)
JSON_STRUCT(notice_value, NOTICE_VALUE)

struct notice {
	struct notice_load_row row;
	struct matter x;
	struct notice_rules rules;
	struct notice_template t;
};
/* In the caller's scope; a draft only for who may write it. ERR_NOT_FOUND. */
err notice_get(struct ctx *cx, int64_t id, struct notice *ret) MUST_USE;
bool notice_may(struct ctx *cx, const struct matter *x, const struct notice_template *t);
bool notice_is_addressee(struct ctx *cx, const struct notice *n);

/* The paper as it reads now (drafts) or as it was issued. `number` null: the place is left open. */
err notice_paper(struct ctx *cx, const struct notice *n, str number, int64_t day, struct paper *ret) MUST_USE;
str notice_paper_json(struct arena *a, const struct paper *p);
err notice_paper_read(struct ctx *cx, str json, struct paper *ret) MUST_USE;
/* A given field's preset with the dossier's values in it. */
str notice_preset(struct ctx *cx, const struct notice *n, str text);

struct notice_draft {
	int64_t matter;
	str template, lang;
	const struct notice_value *fields;
	size_t nfields;
	int64_t addressee;           /* JSON_NONE: as the template says */
	int64_t days, due_day;       /* JSON_NONE: the template's, or the matter's deadline */
	str unit;
};
err notice_make(struct ctx *cx, const struct notice_draft *in, int64_t *ret_id) MUST_USE;
err notice_change(struct ctx *cx, int64_t id, int64_t ver, const struct notice_draft *in) MUST_USE;
/* Issuing: take the number, make the bytes, keep them, record. Runs without a connection of its own. */
err notice_issue(struct req *rq, int64_t id, int64_t ver, str reason) MUST_USE;

struct notice_service {
	int64_t id, ver, at_ms;      /* at_ms JSON_NONE: now */
	str method, receiver, note;
	bool refused;
	struct json_ids files;
};
err notice_serve(struct ctx *cx, const struct notice_service *in) MUST_USE;
err notice_acknowledge(struct ctx *cx, int64_t id, int64_t ver, str text, struct json_ids files) MUST_USE;
err notice_withdraw(struct ctx *cx, int64_t id, int64_t ver, str reason) MUST_USE;
err notice_put_letters(struct ctx *cx, int64_t org, str letters, str contact) MUST_USE;

#endif
