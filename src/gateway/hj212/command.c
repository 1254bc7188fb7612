/* Commands on their way: sent on the device's connection, again when nothing is heard, until an answer or too many tries. */
#include <string.h>

#include "gateway/hj212/server_parts.h"

enum { ANSWER_MAX = 4000, WAIT_FOR_DEVICE_MS = 600000, MS_US = 1000 };

static const char *const states[] = { "sent", "accepted", "done", "refused", "failed" };

static void note(struct hj212 *g, const struct hj212_sent *m, const char *state, bool over)
{
	struct hj212_update *u = NEW(g->updates_a, struct hj212_update);
	*u = (struct hj212_update){ .region = m->region, .id = m->id, .state = state, .tries = m->tries,
				    .done_ms = over ? clock_now_ms(g->app->clock) : INT64_MIN,
				    .answer = arena_str(g->updates_a, buf_str(&m->answer)) };
	memcpy(u->qn, m->qn, sizeof u->qn);
	*g->updates_end = u;
	g->updates_end = &u->next;
	g->asked = true;
	pthread_cond_signal(&g->keep);
}

static void end(struct hj212 *g, struct hj212_live *l, struct hj212_sent *m, const char *state)
{
	note(g, m, state, true);
	for (struct hj212_sent **p = &l->commands; *p; p = &(*p)->next)
		if (*p == m) {
			*p = m->next;
			break;
		}
	arena_free(m->a);
}

static bool online(const struct hj212 *g, const struct hj212_live *l)
{
	return l->gen && g->conns[l->slot].fd >= 0 && g->conns[l->slot].gen == l->gen;
}

static void send_one(struct hj212 *g, struct hj212_live *l, struct hj212_sent *m)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	enum hj212_dialect d = l->device->dialect >= 0 ? (enum hj212_dialect)l->device->dialect : l->spoken;
	struct hj212_command c = { .dialect = d, .st = l->st[0] ? str_of(l->st) : S("91"), .cn = m->cn, .pw = { l->pw, l->pw_n },
				   .mn = l->mn, .body = m->body };
	if (!m->qn[0]) {
		str qn = hj212_qn(a, clock_now_ms(g->app->clock) + m->id % 7);
		memcpy(m->qn, qn.p, qn.n < sizeof m->qn ? qn.n : sizeof m->qn - 1);
	}
	c.qn = str_of(m->qn);
	m->tries++;
	m->sent = true;
	m->until_us = clock_monotonic_us() + g->o.timeout_s * 1000 * MS_US;
	(void)hj212_send(g, l->slot, hj212_command(a, &c), l->device->crc);
	note(g, m, states[HJ212_WAITING], false);
}

/* One at a time: the next one goes when the one before is over. */
void hj212_command_push(struct hj212 *g, struct hj212_live *l)
{
	struct hj212_sent *m = l->commands;
	if (m && !m->sent && l->device && l->device->approved && online(g, l))
		send_one(g, l, m);
}

void hj212_command_add(struct hj212 *g, struct hj212_live *l, int64_t region, int64_t id, str cn, str body, int64_t made_ms)
{
	struct hj212_sent **at = &l->commands;
	for (; *at; at = &(*at)->next)
		if ((*at)->id == id)
			return;
	struct arena *a = arena_new();
	struct hj212_sent *m = NEW(a, struct hj212_sent);
	*m = (struct hj212_sent){ .region = region, .id = id, .cn = arena_str(a, cn), .body = arena_str(a, body), .answer = BUF(a), .a = a,
				  .made_ms = made_ms };
	*at = m;
	hj212_command_push(g, l);
}

/* The number of the request: in the head, or within CP as 2005 has it. */
static str number_of(const struct hj212_head *h)
{
	if (h->qn.n)
		return h->qn;
	str in = hj212_value(h->cp, S("QN"));
	return in.p ? in : S("");
}

static void keep_answer(struct hj212_sent *m, const struct hj212_head *h)
{
	if (m->answer.n + h->cn.n + h->cp.n + 2 > ANSWER_MAX)
		return;
	if (m->answer.n)
		buf_byte(&m->answer, '\n');
	buf_put(&m->answer, h->cn);
	buf_byte(&m->answer, ' ');
	buf_put(&m->answer, h->cp);
}

void hj212_command_reply(struct hj212 *g, struct hj212_live *l, const struct hj212_head *h)
{
	struct hj212_sent *m = l->commands;
	if (!m || !m->sent || !str_eq(number_of(h), str_of(m->qn))) {
		/* history comes with numbers of its own: it keeps the wait open */
		if (m && m->progress == HJ212_ACCEPTED && str_eq(h->cn, m->cn))
			m->until_us = clock_monotonic_us() + g->o.timeout_s * 1000 * MS_US;
		return;
	}
	enum hj212_progress now = hj212_progress(m->progress, h);
	keep_answer(m, h);
	m->until_us = clock_monotonic_us() + g->o.timeout_s * 1000 * MS_US;
	if (now == m->progress)
		return;
	m->progress = now;
	if (now == HJ212_ACCEPTED) {
		note(g, m, states[now], false);
		return;
	}
	end(g, l, m, states[now]);
	hj212_command_push(g, l);
}

/* No 9011: again. After it, nothing more: failed, and not sent again (6.2). */
static void look(struct hj212 *g, struct hj212_live *l, struct hj212_sent *m, int64_t now_us)
{
	if (!m->sent) {
		if (clock_now_ms(g->app->clock) - m->made_ms > WAIT_FOR_DEVICE_MS)
			end(g, l, m, "timeout");
	} else if (now_us < m->until_us) {
		return;
	} else if (m->progress == HJ212_ACCEPTED) {
		end(g, l, m, "failed");
	} else if (m->tries > g->o.retries || !online(g, l) || !l->device || !l->device->approved) {
		end(g, l, m, "timeout");
	} else {
		send_one(g, l, m);
	}
	hj212_command_push(g, l);
}

void hj212_command_tick(struct hj212 *g)
{
	int64_t now = clock_monotonic_us();
	for (size_t i = 0; i < g->all.n; i++)
		if (g->all.v[i]->commands)
			look(g, g->all.v[i], g->all.v[i]->commands, now);
	hj212_flush_all(g);
}
