/* Any bytes as a stream of packets: framing makes progress, heads and readings stay within the bytes. */
#include <stdlib.h>

#include "gateway/hj212/answer.h"
#include "gateway/hj212/read.h"

enum { TODAY = 20000 }; /* since 1970: 2024 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool item(void *arg, str code, uint32_t *ret)
{
	(void)arg;
	*ret = ((uint32_t)str_hash(code) & 0xffff) | 1; /* no item has the number 0 */
	return code.n > 0;
}

static void check(bool ok)
{
	if (!ok)
		abort();
}

static bool inside(str s, str all)
{
	return !s.n || (s.p >= all.p && s.p + s.n <= all.p + all.n);
}

static void one_packet(struct hj212_reader *r, struct hj212_data *d, const struct hj212_frame *f, str all)
{
	struct hj212_head h;
	struct hj212_pair p = { 0 };
	check(inside(f->raw, all) && inside(f->segment, f->raw));
	if (!hj212_head(f->segment, &h))
		return;
	check(inside(h.cp, f->segment) && inside(h.mn, f->segment) && inside(h.qn, f->segment));
	hj212_read(r, &h, d);
	check(d->n <= HJ212_READINGS_MAX);
	for (size_t i = 0; i < d->n; i++)
		check(d->v[i].item && d->v[i].value.scale >= 0 && d->v[i].value.scale <= DECIMAL_DIGITS);
	for (str rest = h.cp; hj212_pair(&rest, &p);)
		check(inside(p.name, h.cp) && inside(p.value, h.cp));
	struct arena *a = arena_new();
	(void)hj212_answer(r->words, a, &h, HJ212_ALWAYS);
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct hj212_crc t;
	static struct hj212_data d;
	static struct hj212_words *words;
	struct hj212_reader *r = calloc(1, sizeof *r);
	str in = { (const char *)data, size };
	check(r != NULL);
	if (!t.table[1]) {
		struct catalog *c;
		hj212_crc_init(&t);
		check(catalog_load(NULL, &c, NULL) == ERR_OK && hj212_words_read(c, arena_new(), TODAY, &words, NULL) == ERR_OK);
	}
	r->words = words;
	r->item = item;
	while (in.n) {
		struct hj212_frame f;
		enum hj212_found found;
		size_t k = hj212_next(&t, in, true, &f, &found);
		check(k > 0 && k <= in.n && found != HJ212_MORE);
		if (found == HJ212_FRAME)
			one_packet(r, &d, &f, in);
		in = str_sub(in, k, in.n);
	}
	free(r);
	return 0;
}
