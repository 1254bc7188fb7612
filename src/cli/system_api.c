/* Routes of the program itself: is it well, what can it do, what does it speak. */
#include <inttypes.h>
#include <sys/statvfs.h>

#include "cli/demo.h"
#include "cli/house_sql.h"
#include "cli/metrics.h"
#include "cli/serve.h"
#include "core/app.h"
#include "core/crypto.h"
#include "core/grant.h"
#include "core/sector.h"
#include "loop/loop.h"

#define OK_OUT(F, O, L) F(BOOL, ok, REQ)
JSON_STRUCT(ok_out, OK_OUT)
JSON_DEFINE(ok_out, OK_OUT)

#define READY_OUT(F, O, L)                                                                         \
	F(BOOL, ok, REQ)                                                                           \
	F(BOOL, store, REQ)                                                                        \
	F(I64, free_percent, REQ)
JSON_STRUCT(ready_out, READY_OUT)
JSON_DEFINE(ready_out, READY_OUT)

#define NAMED_OUT(F, O, L)                                                                         \
	F(STR, id, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, zh, REQ)
JSON_STRUCT(named_out, NAMED_OUT)
JSON_DEFINE(named_out, NAMED_OUT)

#define SECTOR_OUT(F, O, L)                                                                        \
	F(STR, id, REQ)                                                                            \
	F(I64, bit, REQ)                                                                           \
	F(STR, en, REQ)                                                                            \
	F(STR, zh, REQ)
JSON_STRUCT(sector_out, SECTOR_OUT)
JSON_DEFINE(sector_out, SECTOR_OUT)

#define STATE_OUT(F, O, L)                                                                         \
	F(STR, id, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STR, zh, REQ)                                                                            \
	F(BOOL, open, REQ)                                                                         \
	F(STR, phase, REQ)
JSON_STRUCT(state_out, STATE_OUT)
JSON_DEFINE(state_out, STATE_OUT)

#define WORKFLOW_OUT(F, O, L)                                                                      \
	F(STR, kind, REQ)                                                                          \
	F(STR, en, REQ)                                                                            \
	F(STR, zh, REQ)                                                                            \
	L(state_out, states, REQ)                                                                  \
	L(named_out, acts, REQ)
JSON_STRUCT(workflow_out, WORKFLOW_OUT)
JSON_DEFINE(workflow_out, WORKFLOW_OUT)

#define LOGIN_OUT(F, O, L)                                                                         \
	F(STR, login, REQ)                                                                         \
	F(STR, password, REQ)                                                                      \
	F(STR, who_zh, REQ)                                                                        \
	F(STR, who_en, REQ)
JSON_STRUCT(demo_login_out, LOGIN_OUT)
JSON_DEFINE(demo_login_out, LOGIN_OUT)

#define META_OUT(F, O, L)                                                                          \
	F(STR, version, REQ)                                                                       \
	L(sector_out, sectors, REQ)                                                                \
	L(workflow_out, workflows, REQ)                                                            \
	L(named_out, sources, REQ)                                                                 \
	L(named_out, causes, REQ)                                                                  \
	L(named_out, perms, REQ)                                                                   \
	F(STRS, org_kinds, REQ)                                                                    \
	F(BOOL, demo, REQ)                                                                         \
	L(demo_login_out, logins, REQ)
JSON_STRUCT(meta_out, META_OUT)
JSON_DEFINE(meta_out, META_OUT)

static err healthz(struct req *rq)
{
	return reply_json(rq, &(struct ok_out){ true });
}

static err readyz(struct req *rq)
{
	struct statvfs fs;
	struct house_meta_row row;
	struct ready_out out = { 0 };
	out.store = house_meta(rq->cx.c, rq->a, &(struct house_meta_params){ S("home_region") }, &row) == ERR_OK && rq->cx.app->series != NULL;
	if (statvfs(rq->cx.app->data_dir, &fs) == 0 && fs.f_blocks)
		out.free_percent = (int64_t)(fs.f_bavail * 100 / fs.f_blocks);
	out.ok = out.store && out.free_percent >= 2;
	rq->status = out.ok ? 200 : 503;
	return reply_json(rq, &out);
}

/* On loopback without a proxy in between, or with the token of the configuration. */
static bool may_read_metrics(struct req *rq)
{
	str want = rq->cx.app->metrics_token, got = rq_header(rq, "Authorization");
	bool direct = !rq_header(rq, "X-Forwarded-For").n && !rq_header(rq, "Forwarded").n;
	bool loopback = str_starts(rq->peer, S("127.")) || str_eq(rq->peer, S("::1"));
	if (want.n && str_starts(got, S("Bearer ")))
		return bytes_equal(str_sub(got, 7, got.n), want);
	return direct && loopback;
}

static err metrics(struct req *rq)
{
	struct buf b = BUF(rq->a);
	if (!may_read_metrics(rq))
		return FAIL(&rq->cx.fail, FORBIDDEN, "", "err.metrics");
	metrics_text(&b, rq->cx.app);
	return reply_text(rq, "text/plain; version=0.0.4; charset=utf-8", buf_str(&b));
}

static void put_sectors(struct req *rq, struct meta_out *out)
{
	const struct sector_table *t = rq->cx.app->sectors;
	out->sectors.v = NEW_N(rq->a, struct sector_out, t->n + 1);
	for (; out->sectors.n < t->n; out->sectors.n++) {
		const struct sector *s = &t->v[out->sectors.n];
		out->sectors.v[out->sectors.n] = (struct sector_out){ s->id, s->bit, s->en, s->zh };
	}
}

static struct workflow_out workflow_of(struct arena *a, const struct workflow *wf)
{
	struct workflow_out w = { .kind = wf->kind, .en = wf->en, .zh = wf->zh };
	w.states.v = NEW_N(a, struct state_out, wf->nstates + 1);
	w.acts.v = NEW_N(a, struct named_out, wf->nacts + 1);
	for (; w.states.n < wf->nstates; w.states.n++) {
		const struct wf_state *s = &wf->states[w.states.n];
		w.states.v[w.states.n] = (struct state_out){ s->id, s->en, s->zh, s->open, s->open ? S("open") : S("closed") };
	}
	for (; w.acts.n < wf->nacts; w.acts.n++)
		w.acts.v[w.acts.n] = (struct named_out){ wf->acts[w.acts.n].id, wf->acts[w.acts.n].en, wf->acts[w.acts.n].zh };
	return w;
}

static void put_workflows(struct req *rq, struct meta_out *out)
{
	const struct workflow *const *v;
	out->workflows.n = loop_workflows(rq->cx.app->loop, &v);
	out->workflows.v = NEW_N(rq->a, struct workflow_out, out->workflows.n + 1);
	for (size_t i = 0; i < out->workflows.n; i++)
		out->workflows.v[i] = workflow_of(rq->a, v[i]);
}

static void put_words(struct req *rq, const char *table, struct named_out **ret, size_t *ret_n)
{
	const struct loop_word *v;
	size_t n = loop_words(rq->cx.app->loop, table, &v);
	*ret = NEW_N(rq->a, struct named_out, n + 1);
	for (size_t i = 0; i < n; i++)
		(*ret)[i] = (struct named_out){ v[i].id, v[i].en, v[i].zh };
	*ret_n = n;
}

static void put_logins(struct req *rq, struct meta_out *out)
{
	struct demo_login *v;
	out->logins.n = rq->cx.app->demo ? demo_logins(rq->a, &v) : 0;
	out->logins.v = NEW_N(rq->a, struct demo_login_out, out->logins.n + 1);
	for (size_t i = 0; i < out->logins.n; i++)
		out->logins.v[i] = (struct demo_login_out){ v[i].login, v[i].password, v[i].who_zh, v[i].who_en };
}

static err meta_get_api(struct req *rq)
{
	static str kinds[] = { S("party"), S("government"), S("committee"), S("department"), S("township"), S("enterprise"),
			       S("institution") };
	const struct role_table *roles = rq->cx.app->roles;
	struct meta_out out = { .version = S(BIHUAN_VERSION), .demo = rq->cx.app->demo, .org_kinds = { kinds, COUNT_OF(kinds) } };
	put_sectors(rq, &out);
	put_workflows(rq, &out);
	put_words(rq, "sources", &out.sources.v, &out.sources.n);
	put_words(rq, "causes", &out.causes.v, &out.causes.n);
	put_logins(rq, &out);
	out.perms.v = NEW_N(rq->a, struct named_out, roles->perms.n + 1);
	for (; out.perms.n < roles->perms.n; out.perms.n++) {
		const struct perm_def *p = &roles->perms.v[out.perms.n];
		out.perms.v[out.perms.n] = (struct named_out){ p->id, p->en, p->zh };
	}
	return reply_json(rq, &out);
}

static err openapi_get(struct req *rq)
{
	struct buf b = BUF(rq->a);
	http_openapi(&b, all_routes, BIHUAN_VERSION);
	return reply_text(rq, "application/json; charset=utf-8", buf_str(&b));
}

/* The server does the rest: see http_publish. */
static err stream(struct req *rq)
{
	(void)rq;
	return ERR_OK;
}

const struct route system_routes[] = {
	{ "GET", "/healthz", healthz, SLOW, NULL, NULL, ok_out_json, "The process answers", NULL },
	{ "GET", "/readyz", readyz, READ, NULL, NULL, ready_out_json, "The store answers and there is room to write", NULL },
	{ "GET", "/metrics", metrics, SLOW, NULL, NULL, NULL, "Counters for Prometheus", NULL },
	{ "GET", "/api/meta", meta_get_api, READ, NULL, NULL, meta_out_json, "Sectors, workflows, permissions", NULL },
	{ "GET", "/api/stream", stream, STREAM, "", NULL, NULL, "What happens, as server-sent events: act {region, matter, kind, seq}", NULL },
	{ "GET", "/api/openapi.json", openapi_get, SLOW, NULL, NULL, NULL, "This contract", NULL },
	{ 0 },
};

/* ---- tests only ---- */

#define CLOCK_IN(F, O, L)                                                                          \
	F(I64, now_ms, OPT, .min = 1, .max = 4e12)                                                 \
	F(I64, advance_ms, OPT, .min = -4e12, .max = 4e12)
JSON_STRUCT(clock_in, CLOCK_IN)
JSON_DEFINE(clock_in, CLOCK_IN)

#define CLOCK_OUT(F, O, L) F(I64, now_ms, REQ)
JSON_STRUCT(clock_out, CLOCK_OUT)
JSON_DEFINE(clock_out, CLOCK_OUT)

/* now_ms lets the clock run on from there. */
static err test_clock(struct req *rq)
{
	const struct clock_in *in = rq->body;
	struct clock *c = rq->cx.app->clock;
	if (in->now_ms != JSON_NONE)
		atomic_fetch_add(&c->offset_ms, in->now_ms - clock_now_ms(c));
	if (in->advance_ms != JSON_NONE)
		atomic_fetch_add(&c->offset_ms, in->advance_ms);
	return reply_json(rq, &(struct clock_out){ clock_now_ms(c) });
}

const struct route test_routes[] = {
	{ "POST", "/api/test/clock", test_clock, SLOW, NULL, clock_in_json, clock_out_json, "Tests only: set the time", NULL },
	{ 0 },
};
