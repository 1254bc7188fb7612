/* Many packets at once, where the engine takes rows by the thousand quicker than one by one. Nearly all of them are new. Where one is
 * there already the engine refuses all: then each half is tried by itself, until what is left is few enough to be asked one by one. */
#include <stdlib.h>

#include "sense/pack.h"
#include "sense/series_parts.h"

enum { FEW = 16 };

/* The packets that are tried together, in the order of their key. */
struct many {
	struct putting *p;
	const struct packet **v;
	struct series_packet_copy_params *rows;
	size_t from, to;             /* of the part that is tried */
};

static int by_place(const void *pa, const void *pb)
{
	const struct packet *a = *(const struct packet *const *)pa, *b = *(const struct packet *const *)pb;
	if (a->at_ms != b->at_ms)
		return a->at_ms < b->at_ms ? -1 : 1;
	if (a->station != b->station)
		return a->station < b->station ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return (int)(part_of(a) - part_of(b));
}

/* As they came, where the key is the same. */
static int by_place_and_turn(const void *pa, const void *pb)
{
	const struct packet *a = *(const struct packet *const *)pa, *b = *(const struct packet *const *)pb;
	int d = by_place(pa, pb);
	return d ? d : a < b ? -1 : a > b;
}

static err copy_part(struct db_conn *c, void *arg)
{
	const struct many *m = arg;
	return series_packet_copy(c, m->rows + m->from, m->to - m->from);
}

static err put_part(struct many *m, size_t from, size_t to)
{
	if (to - from > FEW) {
		m->from = from;
		m->to = to;
		err e = db_part(m->p->c, copy_part, m);
		for (size_t i = from; e == ERR_OK && i < to; i++)
			series_count_one(m->p, m->v[i]);
		if (e != ERR_CONFLICT)
			return e;
		size_t middle = from + (to - from) / 2;
		TRY(put_part(m, from, middle));
		return put_part(m, middle, to);
	}
	for (size_t i = from; i < to; i++)
		TRY(series_put_one(m->p, m->v[i]));
	return ERR_OK;
}

static void make_rows(struct many *m, size_t n)
{
	m->rows = NEW_N(m->p->a, struct series_packet_copy_params, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct packet *k = m->v[i];
		m->rows[i] = (struct series_packet_copy_params){ k->at_ms, k->station, k->kind, part_of(k), k->received_ms, k->source,
								pack_readings(m->p->a, k->v, k->n) };
	}
}

err series_put_many(struct putting *p, const struct packet *v, size_t n)
{
	const struct packet **all = NEW_N(p->a, const struct packet *, n + 1), **others = NEW_N(p->a, const struct packet *, n + 1);
	struct many m = { .p = p, .v = all };
	size_t fresh = 0, once = 0, k = 0;
	for (size_t i = 0; i < n; i++)
		if (!series_may_be_packed(p->s, v[i].kind, v[i].at_ms))
			all[fresh++] = &v[i];
		else
			others[k++] = &v[i];
	qsort(all, fresh, sizeof *all, by_place_and_turn);
	for (size_t i = 0; i < fresh; i++)
		if (once && by_place(&all[once - 1], &all[i]) == 0)
			others[k++] = all[i];
		else
			all[once++] = all[i];
	if (once > FEW)
		make_rows(&m, once);
	TRY(put_part(&m, 0, once));
	for (size_t i = 0; i < k; i++)
		TRY(series_put_one(p, others[i]));
	return ERR_OK;
}
