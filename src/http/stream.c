/* Server-sent events. A subscriber without news is suspended; news or a heartbeat wakes it. */
#include "http/internal.h"

#include <stdlib.h>
#include <string.h>

enum { QUEUE_MAX = 64 << 10, SUBSCRIBERS_MAX = 512 };

struct subscriber {
	struct subscriber *next;
	struct streams *list;
	struct MHD_Connection *conn;
	struct arena *a;             /* what a heartbeat asks again with */
	struct req rq;
	struct arena *who_arena;     /* of the newest answer; NULL: rq.cx.who lives in the exchange */
	int refs;                    /* under the list's lock, as everything here */
	bool suspended, ended;
	char *queue;
	size_t n, cap, sent;
};

void streams_init(struct streams *s)
{
	*s = (struct streams){ 0 };
	s->afresh_end = &s->afresh;
	pthread_mutex_init(&s->lock, NULL);
}

/* One piece of news that waits, in an arena of its own. */
struct news {
	struct news *next;
	struct arena *a;
	const char *event;
	struct http_about about;
	str data;
};

void streams_free(struct streams *s)
{
	for (struct news *n = s->afresh, *next; n; n = next) {
		next = n->next;
		arena_free(n->a);
	}
	s->afresh = NULL;
	pthread_mutex_destroy(&s->lock);
}

static void unref(struct subscriber *sub)
{
	if (--sub->refs)
		return;
	arena_free(sub->a);
	arena_free(sub->who_arena);
	free(sub->queue);
	free(sub);
}

static void wake(struct subscriber *sub)
{
	if (!sub->suspended)
		return;
	sub->suspended = false;
	MHD_resume_connection(sub->conn);
}

static bool grow(struct subscriber *sub, size_t need)
{
	if (need <= sub->cap)
		return true;
	size_t cap = sub->cap ? sub->cap : 512;
	while (cap < need)
		cap *= 2;
	char *p = realloc(sub->queue, cap);
	if (!p)
		return false;
	sub->queue = p;
	sub->cap = cap;
	return true;
}

/* A subscriber that lets its queue fill is cut off: the page reads afresh when it comes back. */
static void push(struct subscriber *sub, str data)
{
	if (sub->ended)
		return;
	if (sub->sent == sub->n)
		sub->sent = sub->n = 0;
	if (sub->n - sub->sent + data.n > QUEUE_MAX || !grow(sub, sub->n + data.n)) {
		sub->ended = true;
	} else {
		memcpy(sub->queue + sub->n, data.p, data.n);
		sub->n += data.n;
	}
	wake(sub);
}

static ssize_t read_queue(void *arg, uint64_t pos, char *out, size_t max)
{
	(void)pos;
	struct subscriber *sub = arg;
	pthread_mutex_lock(&sub->list->lock);
	size_t n = sub->n - sub->sent;
	ssize_t got = 0;
	if (n) {
		n = n < max ? n : max;
		memcpy(out, sub->queue + sub->sent, n);
		sub->sent += n;
		got = (ssize_t)n;
	} else if (sub->ended) {
		got = MHD_CONTENT_READER_END_OF_STREAM;
	} else {
		sub->suspended = true;
		MHD_suspend_connection(sub->conn);
	}
	pthread_mutex_unlock(&sub->list->lock);
	return got;
}

static struct subscriber *new_subscriber(struct exchange *x)
{
	struct subscriber *sub = calloc(1, sizeof *sub);
	if (!sub)
		abort();
	*sub = (struct subscriber){ .conn = x->conn, .list = &x->h->streams, .a = arena_new(), .refs = 1, .rq = x->rq };
	struct req *rq = &sub->rq;
	str *const texts[] = { &rq->peer, &rq->request_id, &rq->raw_query, &rq->cookie, &rq->csrf_header };
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		if (texts[i]->p)
			*texts[i] = arena_str(sub->a, *texts[i]);
	rq->x = NULL;
	rq->body = rq->query = NULL;
	rq->out = (struct buf){ 0 };
	push(sub, S("retry: 3000\n\n"));
	push(sub, buf_str(&x->rq.out));
	return sub;
}

static bool enlist(struct streams *s, struct subscriber *sub)
{
	pthread_mutex_lock(&s->lock);
	bool room = s->n < SUBSCRIBERS_MAX && !s->closed;
	if (room) {
		sub->next = s->first;
		s->first = sub;
		s->n++;
	}
	pthread_mutex_unlock(&s->lock);
	return room;
}

struct MHD_Response *stream_response(struct exchange *x)
{
	struct subscriber *sub = new_subscriber(x);
	x->rq.content_type = "text/event-stream";
	x->rq.etag = x->rq.disposition_name = (str){ NULL, 0 };
	x->sub = sub;
	x->close = true;
	if (!enlist(&x->h->streams, sub))
		sub->ended = true; /* sends what there is, and ends */
	return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_queue, sub, NULL);
}

void stream_leave(struct exchange *x)
{
	struct subscriber *sub = x->sub;
	struct streams *s = &x->h->streams;
	if (!sub)
		return;
	pthread_mutex_lock(&s->lock);
	struct subscriber **at = &s->first;
	while (*at && *at != sub)
		at = &(*at)->next;
	if (*at) {
		*at = sub->next;
		s->n--;
	}
	sub->ended = true;
	sub->suspended = false;
	sub->conn = NULL;
	unref(sub);
	pthread_mutex_unlock(&s->lock);
	x->sub = NULL;
}

static void publish_later(struct http *h, const char *event, const struct http_about *about, str data)
{
	struct streams *s = &h->streams;
	struct arena *a = arena_new();
	struct news *n = NEW(a, struct news);
	int64_t *parties = NEW_N(a, int64_t, about->nparties + 1);
	if (about->nparties)
		memcpy(parties, about->parties, about->nparties * sizeof *parties);
	*n = (struct news){ NULL, a, event, *about, arena_str(a, data) };
	n->about.parties = parties;
	n->about.afresh = false;
	pthread_mutex_lock(&s->lock);
	*s->afresh_end = n;
	s->afresh_end = &n->next;
	pthread_mutex_unlock(&s->lock);
	ticker_wake(h);
}

void http_publish(struct http *h, const char *event, const struct http_about *about, str data)
{
	if (!atomic_load(&h->streams.n))
		return;
	if (about && about->afresh) {
		publish_later(h, event, about, data);
		return;
	}
	AUTO(arena_drop) struct arena *a = arena_new();
	struct buf b = BUF(a);
	str line;
	buf_printf(&b, "event: %s\n", event);
	while (str_cut(&data, '\n', &line)) {
		buf_put(&b, S("data: "));
		buf_put(&b, line);
		buf_byte(&b, '\n');
	}
	buf_byte(&b, '\n');
	pthread_mutex_lock(&h->streams.lock);
	for (struct subscriber *sub = h->streams.first; sub; sub = sub->next)
		if (!h->o.filter || h->o.filter(sub->rq.cx.who, about))
			push(sub, buf_str(&b));
	pthread_mutex_unlock(&h->streams.lock);
}

/* Asks again who the subscriber is: sessions end and grants change while a stream is open. */
static err ask_again(struct http *h, struct req *rq)
{
	const struct http_hooks *k = &h->o.hooks;
	struct db_conn *c;
	TRY(db_read_begin(h->o.db, &c, &rq->cx.fail));
	rq->cx.c = c;
	rq->cx.now_ms = clock_now_ms(h->o.clock);
	err e = k->authenticate ? k->authenticate(k->arg, rq) : ERR_OK;
	if (e == ERR_OK && rq->route->perm && !rq->cx.who)
		e = ERR_UNAUTHENTICATED;
	if (e == ERR_OK && rq->route->perm && k->authorize)
		e = k->authorize(k->arg, rq);
	db_read_end(h->o.db, c);
	return e;
}

static void ask_one(struct http *h, struct subscriber *sub, bool beat)
{
	struct arena *a = arena_new();
	struct req rq = sub->rq; /* only cx.who changes later, by this thread alone */
	rq.a = rq.cx.a = a;
	rq.cx.who = NULL;
	err e = ask_again(h, &rq);
	pthread_mutex_lock(&h->streams.lock);
	if (e == ERR_OK) {
		arena_free(sub->who_arena);
		sub->who_arena = a;
		sub->rq.cx.who = rq.cx.who;
		if (beat)
			push(sub, S(": beat\n\n"));
	} else {
		arena_free(a);
		sub->ended = true;
		wake(sub);
	}
	unref(sub);
	pthread_mutex_unlock(&h->streams.lock);
}

static void ask_all(struct http *h, bool beat)
{
	struct streams *s = &h->streams;
	struct subscriber *list[SUBSCRIBERS_MAX];
	size_t n = 0;
	pthread_mutex_lock(&s->lock);
	for (struct subscriber *sub = s->first; sub && n < COUNT_OF(list); sub = sub->next) {
		sub->refs++;
		list[n++] = sub;
	}
	pthread_mutex_unlock(&s->lock);
	for (size_t i = 0; i < n; i++)
		ask_one(h, list[i], beat);
}

void streams_beat(struct http *h)
{
	ask_all(h, true);
}

void streams_tell_afresh(struct http *h)
{
	struct streams *s = &h->streams;
	pthread_mutex_lock(&s->lock);
	struct news *first = s->afresh;
	s->afresh = NULL;
	s->afresh_end = &s->afresh;
	pthread_mutex_unlock(&s->lock);
	if (first)
		ask_all(h, false);
	for (struct news *n = first, *next; n; n = next) {
		next = n->next;
		http_publish(h, n->event, &n->about, n->data);
		arena_free(n->a);
	}
}

void streams_close(struct http *h)
{
	pthread_mutex_lock(&h->streams.lock);
	h->streams.closed = true;
	for (struct subscriber *sub = h->streams.first; sub; sub = sub->next) {
		sub->ended = true;
		wake(sub);
	}
	pthread_mutex_unlock(&h->streams.lock);
}
