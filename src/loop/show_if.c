#include "loop/show_if.h"

enum node_kind { OR, AND, NOT, COMPARE };
enum compare { EQ, NE, LT, LE, GT, GE };

struct show_if {
	enum node_kind kind;
	const struct show_if *l, *r;
	str item, choice;
	enum compare op;
	bool number;
	double value;
};

/* ---- reading ---- */

struct reader {
	struct arena *a;
	str rest;
	int depth;
};

static void skip(struct reader *r)
{
	while (r->rest.n && r->rest.p[0] == ' ')
		r->rest = str_sub(r->rest, 1, r->rest.n);
}

static bool take(struct reader *r, str word)
{
	skip(r);
	if (!str_starts(r->rest, word))
		return false;
	r->rest = str_sub(r->rest, word.n, r->rest.n);
	return true;
}

static bool word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static str take_word(struct reader *r)
{
	size_t n = 0;
	skip(r);
	while (n < r->rest.n && word_char(r->rest.p[n]))
		n++;
	str word = str_sub(r->rest, 0, n);
	r->rest = str_sub(r->rest, n, r->rest.n);
	return word;
}

static bool take_op(struct reader *r, enum compare *ret)
{
	static const struct {
		const char *text;
		enum compare op;
	} ops[] = { { "!=", NE }, { "<=", LE }, { ">=", GE }, { "=", EQ }, { "<", LT }, { ">", GT } };
	for (size_t i = 0; i < COUNT_OF(ops); i++) {
		if (take(r, str_of(ops[i].text))) {
			*ret = ops[i].op;
			return true;
		}
	}
	return false;
}

static bool read_compare(struct reader *r, const struct show_if **ret)
{
	struct show_if e = { .kind = COMPARE, .item = take_word(r) };
	if (!e.item.n || !take_op(r, &e.op))
		return false;
	str before = r->rest, value = take_word(r);
	e.number = str_to_f64(value, &e.value);
	e.choice = value;
	bool choice = str_eq(value, S("yes")) || str_eq(value, S("no")) || str_eq(value, S("na"));
	if (!e.number && (!choice || e.op > NE)) {
		r->rest = before;
		return false;
	}
	struct show_if *node = NEW(r->a, struct show_if);
	*node = e;
	*ret = node;
	return true;
}

static bool read_or(struct reader *r, const struct show_if **ret);

static bool read_not(struct reader *r, const struct show_if **ret)
{
	if (r->depth >= SHOW_IF_DEPTH)
		return false;
	if (take(r, S("("))) {
		r->depth++;
		bool ok = read_or(r, ret) && take(r, S(")"));
		r->depth--;
		return ok;
	}
	if (!take(r, S("!")))
		return read_compare(r, ret);
	struct show_if *node = NEW(r->a, struct show_if);
	node->kind = NOT;
	r->depth++;
	bool ok = read_not(r, &node->l);
	r->depth--;
	*ret = node;
	return ok;
}

static bool read_and(struct reader *r, const struct show_if **ret)
{
	if (!read_not(r, ret))
		return false;
	while (take(r, S("&"))) {
		struct show_if *node = NEW(r->a, struct show_if);
		*node = (struct show_if){ .kind = AND, .l = *ret };
		if (!read_not(r, &node->r))
			return false;
		*ret = node;
	}
	return true;
}

static bool read_or(struct reader *r, const struct show_if **ret)
{
	if (!read_and(r, ret))
		return false;
	while (take(r, S("|"))) {
		struct show_if *node = NEW(r->a, struct show_if);
		*node = (struct show_if){ .kind = OR, .l = *ret };
		if (!read_and(r, &node->r))
			return false;
		*ret = node;
	}
	return true;
}

bool show_if_parse(struct arena *a, str text, const struct show_if **ret, str *ret_bad)
{
	struct reader r = { a, text, 0 };
	const struct show_if *e;
	bool ok = text.n <= SHOW_IF_BYTES && read_or(&r, &e);
	skip(&r);
	if (!ok || r.rest.n) {
		*ret_bad = r.rest;
		return false;
	}
	*ret = e;
	return true;
}

/* ---- looking ---- */

static bool compare_holds(const struct show_if *e, const struct show_answer *v)
{
	if (!e->number)
		return v->choice.n && str_eq(v->choice, e->choice) == (e->op == EQ);
	if (v->choice.n)
		return false;
	switch (e->op) {
	case EQ:
		return v->number == e->value;
	case NE:
		return v->number != e->value;
	case LT:
		return v->number < e->value;
	case LE:
		return v->number <= e->value;
	case GT:
		return v->number > e->value;
	case GE:
		return v->number >= e->value;
	}
	return false;
}

bool show_if_holds(const struct show_if *e, bool (*answer)(void *arg, str item, struct show_answer *ret),
		   void *arg)
{
	struct show_answer v;
	switch (e->kind) {
	case OR:
		return show_if_holds(e->l, answer, arg) || show_if_holds(e->r, answer, arg);
	case AND:
		return show_if_holds(e->l, answer, arg) && show_if_holds(e->r, answer, arg);
	case NOT:
		return !show_if_holds(e->l, answer, arg);
	case COMPARE:
		return answer(arg, e->item, &v) && compare_holds(e, &v);
	}
	return false;
}

void show_if_each(const struct show_if *e, void (*fn)(void *arg, str item, bool number), void *arg)
{
	if (e->kind == COMPARE) {
		fn(arg, e->item, e->number);
		return;
	}
	show_if_each(e->l, fn, arg);
	if (e->kind != NOT)
		show_if_each(e->r, fn, arg);
}
