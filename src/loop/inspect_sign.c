/* Both sides sign the record; a refusal is recorded with its reason and a witness (Work Safety Law Art 68).
 */
#include "core/ledger.h"
#include "core/org.h"
#include "loop/inspect_parts.h"

struct signing {
	struct ctx *cx;
	struct visit v;
	const struct visit_signing *in;
	struct visit_at at;
	bool unit, own, refused;
	str name, title;
	unsigned char salt[16];
};

static str or_empty(str s)
{
	return s.p ? s : S("");
}

static err check_side(struct signing *g)
{
	struct ctx *cx = g->cx;
	bool inspector = visit_is_inspector(cx, &g->v);
	g->unit = str_eq(g->in->side, S("unit"));
	g->own = g->unit ? !inspector && g->v.row.unit && g->v.row.unit == cx_org(cx) : true;
	if (!g->unit && !inspector)
		return FAIL(&cx->fail, FORBIDDEN, "/side", "err.inspect.not_yours");
	if (g->unit && !g->own && !inspector)
		return FAIL(&cx->fail, FORBIDDEN, "/side", "err.inspect.not_unit");
	if (g->refused && (!g->unit || g->own))
		return FAIL(&cx->fail, BAD_FIELD, "/side", "err.inspect.refuse_unit");
	return ERR_OK;
}

/* The image may still be on its way: this refusal is worth trying again. */
static err check_drawn(struct signing *g)
{
	struct visit_files_rows files;
	if (!g->in->file.n)
		return FAIL(&g->cx->fail, BAD_FIELD, "/file", "err.inspect.unit_drawn");
	TRY(visit_files(g->cx->c, g->cx->a, &(struct visit_files_params){ g->v.row.id }, &files));
	for (size_t i = 0; i < files.n; i++)
		if (str_eq(files.v[i].client_id, g->in->file))
			return ERR_OK;
	return FAIL(&g->cx->fail, GUARD, "/file", INSPECT_PHOTO_MISSING, "name",
		    arena_cstr(g->cx->a, g->name));
}

/* On the inspector's device the representative gives a name and draws a signature. */
static err check_name(struct signing *g)
{
	struct ctx *cx = g->cx;
	g->name = str_trim(or_empty(g->in->name));
	g->title = or_empty(g->in->title);
	TRY(inspect_text(cx, g->name, 60, "/name"));
	TRY(inspect_text(cx, g->title, 100, "/title"));
	if (g->own)
		return person_name(cx, cx->who ? cx->who->person : 0, &g->name);
	if (!g->name.n)
		return FAIL(&cx->fail, BAD_FIELD, "/name", "err.inspect.unit_name");
	return g->refused ? ERR_OK : check_drawn(g);
}

static err check_refusal(struct signing *g)
{
	if (!g->refused)
		return ERR_OK;
	TRY(inspect_text(g->cx, g->in->reason, 1000, "/reason"));
	TRY(inspect_text(g->cx, g->in->witness, 60, "/witness"));
	if (!str_trim(g->in->reason).n)
		return FAIL(&g->cx->fail, BAD_FIELD, "/reason", "err.required");
	return str_trim(g->in->witness).n ? ERR_OK
					  : FAIL(&g->cx->fail, BAD_FIELD, "/witness", "err.inspect.witness");
}

static err check_twice(struct signing *g, const struct visit_signs_rows *signs)
{
	for (size_t i = 0; i < signs->n; i++) {
		const struct visit_signs_row *s = &signs->v[i];
		bool unit = str_eq(s->side, S("unit"));
		if (unit == g->unit && (unit || s->account == cx_account(g->cx)))
			return FAIL(&g->cx->fail, CONFLICT, "/side", "err.inspect.signed");
	}
	return ERR_OK;
}

static err put(struct signing *g)
{
	const struct visit_load_row *r = &g->v.row;
	struct canon c;
	str salt = { (const char *)g->salt, sizeof g->salt };
	random_bytes(g->salt, sizeof g->salt);
	TRY(visit_sign_insert(
	    g->cx->c,
	    &(struct visit_sign_insert_params){ .region = r->region,
						.id = new_id(g->cx),
						.visit = r->id,
						.side = g->unit ? S("unit") : S("inspector"),
						.outcome = g->refused ? S("refused") : S("signed"),
						.account = cx_account(g->cx),
						.own = g->own,
						.name = g->name,
						.title = g->title,
						.reason = or_empty(g->in->reason),
						.witness = or_empty(g->in->witness),
						.salt = salt,
						.file = or_empty(g->in->file),
						.record_hash = r->record_hash,
						.captured_ms = g->at.ms,
						.now_ms = g->cx->now_ms },
	    NULL));
	canon_begin(&c, g->cx->a);
	canon_str(&c, "side", g->in->side);
	canon_str(&c, "outcome", g->refused ? S("refused") : S("signed"));
	canon_bool(&c, "own", g->own);
	canon_str(&c, "name", commitment(g->cx->a, salt, g->name));
	canon_str(&c, "record", r->record_hash);
	if (g->refused) {
		canon_str(&c, "reason", commitment(g->cx->a, salt, g->in->reason));
		canon_str(&c, "witness", commitment(g->cx->a, salt, g->in->witness));
	}
	return inspect_event(g->cx, &g->v, g->refused ? "visit.refuse" : "visit.sign", &c);
}

/* Enough inspectors and the unit's side, signed or refused: the visit moves on. */
static err move_on(struct signing *g)
{
	struct visit_signs_rows signs;
	int64_t inspectors = 0, changed, want = inspect_rule(g->cx->app->inspect, "sign-inspectors", 2);
	str state = S("");
	TRY(visit_signs(g->cx->c, g->cx->a, &(struct visit_signs_params){ g->v.row.region, g->v.row.id },
			&signs));
	for (size_t i = 0; i < signs.n; i++) {
		if (str_eq(signs.v[i].side, S("inspector")))
			inspectors++;
		else
			state = signs.v[i].outcome;
	}
	if (want > (int64_t)g->v.inspectors.n)
		want = (int64_t)g->v.inspectors.n;
	if (inspectors < want || !state.n)
		return ERR_OK;
	TRY(visit_set_state(
	    g->cx->c,
	    &(struct visit_set_state_params){ g->v.row.region, g->v.row.id, g->v.row.ver, state, DB_NONE },
	    &changed));
	return changed == 1 ? ERR_OK : inspect_stale(g->cx, g->v.row.ver + 1, state);
}

static err do_sign(struct ctx *cx, int64_t id, const struct visit_signing *in, bool refused)
{
	struct signing *g = NEW(cx->a, struct signing);
	struct visit_signs_rows signs;
	g->cx = cx;
	g->in = in;
	g->refused = refused;
	TRY(visit_get(cx, id, &g->v));
	TRY(inspect_state(cx, &g->v, (const char *const[]){ "recorded", NULL }));
	TRY(inspect_at(cx, &in->at, &g->at));
	TRY(check_side(g));
	TRY(check_name(g));
	TRY(check_refusal(g));
	TRY(visit_signs(cx->c, cx->a, &(struct visit_signs_params){ g->v.row.region, id }, &signs));
	TRY(check_twice(g, &signs));
	TRY(put(g));
	return move_on(g);
}

err visit_sign(struct ctx *cx, int64_t id, const struct visit_signing *in)
{
	return do_sign(cx, id, in, false);
}

err visit_refuse(struct ctx *cx, int64_t id, const struct visit_signing *in)
{
	return do_sign(cx, id, in, true);
}
