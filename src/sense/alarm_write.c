/* What a page of stations showed is written, and open pages are told. */
#include "sense/alarm_parts.h"

#include "base/log.h"
#include "http/http.h"

enum { ALARMS_A_COMMIT = 32 };

struct one {
	struct page *p;
	struct alarm_found *x, out;
	struct fail fail;
	err result;
};
struct some {
	struct one *v;
	size_t n;
};

static err write_one(struct db_conn *c, void *arg)
{
	struct one *o = arg;
	struct ctx cx = { .a = o->p->a, .c = c, .app = o->p->app, .now_ms = o->p->now_ms, .lang = S("zh-CN") };
	o->out = *o->x;
	err e = alarm_record(&cx, &o->out);
	o->fail = cx.fail;
	return e;
}

static err write_some(struct db_conn *c, void *arg)
{
	struct some *w = arg;
	for (size_t i = 0; i < w->n; i++) {
		err e = w->v[i].result = db_part(c, write_one, &w->v[i]);
		if (e != ERR_OK && err_status(e) >= 500)
			return e;
	}
	return ERR_OK;
}

static void tell(struct page *p, const struct alarm_found *x)
{
	str data = arena_printf(p->a, "{\"region\":\"%012lld\",\"alarm\":\"%lld\",\"station\":\"%lld\",\"grade\":\"%s\",\"ended\":%s,\"matter\":%s%lld%s}",
				(long long)x->station->region, (long long)x->alarm, (long long)x->station->id,
				x->withdraw ? "withdrawn" : alarm_grade_name(alarm_grade_of(x->rule, &x->e)),
				x->e.end_ms || x->withdraw ? "true" : "false", x->matter ? "\"" : "",
				(long long)x->matter, x->matter ? "\"" : "");
	const struct alarm_station *st = x->station;
	const struct http_about about = { "sense.read", st->region, st->sectors, st->secret, 0, &st->owner, st->owner ? 1 : 0 };
	if (p->app->http)
		http_publish(p->app->http, "alarm", &about, data);
}

static void count(struct alarms *s, const struct alarm_found *x, err e)
{
	pthread_mutex_lock(&s->lock);
	s->counts.failed += e != ERR_OK;
	s->counts.raised += e == ERR_OK && x->is_new;
	s->counts.ended += e == ERR_OK && !x->withdraw && x->e.end_ms != 0;
	s->counts.withdrawn += e == ERR_OK && x->withdraw;
	s->counts.matters += x->founded && alarm_grade_of(x->rule, &x->e) == ALARM_EXCEEDANCE;
	s->counts.checks += x->founded && alarm_grade_of(x->rule, &x->e) != ALARM_EXCEEDANCE;
	pthread_mutex_unlock(&s->lock);
}

static bool is_written(struct page *p, struct one *o)
{
	count(p->s, &o->out, o->result);
	if (o->result != ERR_OK) {
		log_fail(LOG_ERROR, "alarm", &o->fail);
		return false;
	}
	p->looked->raised += o->out.is_new;
	p->looked->changed += !o->out.is_new;
	p->looked->matters += o->out.founded;
	tell(p, &o->out);
	return true;
}

/* Some share a commit, so that a storm is soon written and the ledger's log is not held for long. One that is refused does not
 * hold up the others; where the commit itself fails each is tried alone. */
bool alarm_write_found(struct page *p)
{
	struct one v[ALARMS_A_COMMIT];
	bool all = true;
	for (size_t i = 0; i < p->found.n; i += ALARMS_A_COMMIT) {
		struct some w = { v, p->found.n - i < ALARMS_A_COMMIT ? p->found.n - i : ALARMS_A_COMMIT };
		struct fail f = { 0 };
		for (size_t k = 0; k < w.n; k++)
			v[k] = (struct one){ .p = p, .x = &p->found.v[i + k] };
		bool alone = w.n == 1 || db_write(p->app->db, write_some, &w, &f) != ERR_OK;
		for (size_t k = 0; k < w.n; k++) {
			if (alone)
				v[k].result = db_write(p->app->db, write_one, &v[k], &f);
			if (alone && v[k].result != ERR_OK && !v[k].fail.code)
				v[k].fail = f;
			all &= is_written(p, &v[k]);
		}
	}
	return all;
}
