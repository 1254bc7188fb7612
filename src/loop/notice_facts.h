/* What a paper may say of its matter: the fields of catalog/notice and their values. Of notice*.c only. */
#ifndef BH_LOOP_NOTICE_FACTS_H
#define BH_LOOP_NOTICE_FACTS_H

#include "loop/notice.h"

struct facts {
	struct ctx *cx;
	const struct notice *n;
	bool zh;
	str number;
	int64_t day;                 /* of the paper */
	const struct notice_value *given;
	size_t ngiven;
	/* read once */
	str issuer, unit, place, region, object, contact, post, basis;
	str grade, clause, clause_text;
	int64_t due_day;
};
/* `number` and `day` as in notice_paper(). */
err facts_load(struct ctx *cx, const struct notice *n, str number, int64_t day, struct facts *ret) MUST_USE;
/* The value of a field, "" when it has none: for template_fill(). arg is the facts. */
str facts_value(void *arg, str name);
/* [{"name","value"}] of a row. */
err notice_values_read(struct ctx *cx, str json, struct notice_value **ret, size_t *ret_n) MUST_USE;
str notice_values_write(struct arena *a, const struct notice_value *v, size_t n);

#endif
