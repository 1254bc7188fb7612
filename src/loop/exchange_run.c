#include "loop/exchange_run.h"

#include "core/app.h"
#include "core/crypto.h"
#include "core/evidence.h"

struct job {
	struct ctx cx;
	struct exchange_import *im;
	bool done;
};

static err run_store(struct db_conn *c, void *arg)
{
	struct job *j = arg;
	j->cx.c = c;
	j->cx.fail = (struct fail){ 0 };
	j->done = false;
	j->im->in->nerrors = 0; /* of an attempt that was repeated */
	TRY(exchange_store(&j->cx, j->im));
	j->done = true;
	return j->im->check ? ERR_CONFLICT : ERR_OK; /* an error takes everything back */
}

static err store(struct ctx *cx, struct exchange_import *im)
{
	struct job *j = NEW(cx->a, struct job);
	*j = (struct job){ .cx = *cx, .im = im };
	err e = db_write(cx->app->db, run_store, j, &cx->fail);
	if (e == ERR_OK || (im->check && j->done) || im->in->nerrors)
		return ERR_OK;
	if (j->cx.fail.code != ERR_OK)
		cx->fail = j->cx.fail;
	return e;
}

static err keep_bytes(struct ctx *cx, const struct exchange_import *im)
{
	for (size_t i = 0; i < im->in->n && !im->check; i++) {
		const struct exchange_row *row = &im->in->rows[i];
		for (size_t f = 0; f < im->spec->tables[row->table].n; f++)
			if (row->bytes[f].n)
				TRY(evidence_store(cx->app, row->bytes[f], str_sub(row->values[f], 7, row->values[f].n), &cx->fail));
	}
	return ERR_OK;
}

static err read_all(struct ctx *cx, const struct exchange_run *how, str bytes, struct exchange_import *im)
{
	struct exchange_spec *s = NEW(cx->a, struct exchange_spec);
	TRY(exchange_spec_read(cx, how->spec, s));
	im->spec = s;
	TRY(exchange_read(cx, s, bytes, how->table, im->in));
	if (!im->in->company.name.n)
		im->in->company.name = how->name.p ? how->name : S("");
	if (!im->in->company.credit_code.n)
		im->in->company.credit_code = how->credit_code.p ? how->credit_code : S("");
	return im->in->nerrors ? ERR_OK : exchange_check_refs(cx, im);
}

err exchange_run(struct ctx *cx, const struct exchange_run *how, str bytes, struct exchange_import *ret)
{
	unsigned char h[HASH_SIZE];
	int64_t region = how->region ? how->region : cx->who ? cx->who->org_region : cx->app->home_region;
	*ret = (struct exchange_import){ .in = NEW(cx->a, struct exchange_in), .region = region, .org = how->org,
					 .matters = how->matters, .check = how->check };
	hash_bytes(HASH_SHA256, bytes, h);
	ret->hash = hex_encode(cx->a, (str){ (const char *)h, sizeof h });
	TRY(db_read_begin(cx->app->db, &cx->c, &cx->fail));
	err e = read_all(cx, how, bytes, ret);
	db_read_end(cx->app->db, cx->c);
	cx->c = NULL;
	TRY(e);
	if (ret->in->nerrors || !ret->in->n)
		return ERR_OK;
	TRY(keep_bytes(cx, ret));
	return store(cx, ret);
}
