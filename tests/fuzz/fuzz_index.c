/* Whatever the table: an index gives every row or group the columns it names and says why, comes to the same twice, and refuses the rest by name. The first byte chooses the kind, the second its options. */
#include <stdlib.h>

#include "sense/index.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

struct seen {
	const struct index_kind *kind;
	size_t rows;
	uint64_t sum;
};

static void must(bool ok)
{
	if (!ok)
		abort();
}

static err look(void *arg, const struct index_result *r)
{
	struct seen *s = arg;
	s->rows++;
	s->sum = s->sum * 31 + str_hash(r->reason);
	must(r->edition.n > 0 && r->reason.p);
	const char *gives = s->kind->gives;
	for (size_t i = 0; i == 0 || gives[-1]; i++) {
		must(r->values[i].p != NULL);
		s->sum = s->sum * 31 + str_hash(r->values[i]);
		while (*gives && *gives != ',')
			gives++;
		gives++;
	}
	for (size_t i = 0; i < r->parts.n; i++) {
		const struct index_part *p = &r->parts.v[i];
		must(p->item.n > 0 && p->used.p && p->rule.p && p->grade.p && p->source.p);
		s->sum = s->sum * 31 + str_hash(p->used) + str_hash(p->grade);
	}
	return ERR_OK;
}

static err once(const struct catalog *c, const unsigned char *data, size_t size, struct seen *ret)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct fail f = { 0 };
	size_t kinds = 0;
	while (index_kind_at(kinds))
		kinds++;
	struct index_job j = { .a = a, .cat = c, .kind = index_kind_at(data[0] % kinds), .lang = data[1] & 1 ? S("en") : S("zh-CN"), .f = &f,
			       .sink = look, .arg = ret };
	ret->kind = j.kind;
	j.opt = (struct index_options){ .day = 20760, .explain = true, .period = data[1] & 2 ? S("day") : S(""),
					.units = data[1] & 4 ? S("edition") : S(""), .area = data[1] & 8 ? 1 : 2 };
	err e = index_csv(&j, (str){ (const char *)data + 2, size - 2 }, 2000);
	index_drop(&j);
	must(e == ERR_OK || f.key); /* a refusal says what is wrong */
	must(e != ERR_INTERNAL && e != ERR_BAD_FORMAT);
	return e;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static struct catalog *c;
	struct fail f = { 0 };
	if (!c)
		must(catalog_load(NULL, &c, &f) == ERR_OK);
	if (size < 2)
		return 0;
	struct seen first = { 0 }, second = { 0 };
	err a = once(c, data, size, &first), b = once(c, data, size, &second);
	must(a == b && first.rows == second.rows && first.sum == second.sum);
	return 0;
}
