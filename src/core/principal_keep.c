#include "core/principal_keep.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The tables that session_get, account_get and grant_load read. Columns left out are not in a principal, or are looked
 * at by whoever keeps it (seen_ms). */
const struct db_watch principal_watch[] = {
	{ "session", "seen_ms" },
	{ "account", "fails lock_until_ms otp_last prefs" },
	{ "person", "" },
	{ "org", "" },
	{ "access_grant", "" },
	{ "access_handed", "" },
	{ NULL, NULL },
};

struct kept {
	struct principal *p;  /* one piece of memory with all that it points to; NULL: free */
	uint64_t watched;
	int64_t until_ms;
};

struct principals {
	pthread_mutex_t lock;
	struct kept v[PRINCIPALS_KEPT];
};

struct principals *principals_new(void)
{
	struct principals *k = calloc(1, sizeof *k);
	if (!k)
		abort();
	pthread_mutex_init(&k->lock, NULL);
	return k;
}

void principals_free(struct principals *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < PRINCIPALS_KEPT; i++)
		free(k->v[i].p);
	pthread_mutex_destroy(&k->lock);
	free(k);
}

/* ---- copies in one piece ---- */

static size_t grants_size(const struct principal *p)
{
	return p->n * sizeof *p->v;
}

static size_t size_of(const struct principal *p)
{
	return sizeof *p + grants_size(p) + p->login.n + p->name.n + p->name_en.n + p->csrf.n;
}

static str put(char **at, str s)
{
	char *p = *at;
	if (s.n)
		memcpy(p, s.p, s.n);
	*at += s.n;
	return (str){ p, s.n };
}

/* The names of roles stay where they are: in the table of roles, which lives as long as the program. */
static struct principal *copy_to(void *room, const struct principal *p)
{
	struct principal *to = room;
	struct principal_grant *v = (struct principal_grant *)(to + 1);
	char *at = (char *)v + grants_size(p);
	*to = *p;
	if (p->n)
		memcpy(v, p->v, grants_size(p));
	to->v = v;
	to->login = put(&at, p->login);
	to->name = put(&at, p->name);
	to->name_en = put(&at, p->name_en);
	to->csrf = put(&at, p->csrf);
	to->lang = (str){ NULL, 0 };
	return to;
}

/* ---- keeping ---- */

/* The hash of a random token is as good as any number. */
static struct kept *slot_of(struct principals *k, const unsigned char session[static HASH_SIZE])
{
	uint32_t n;
	memcpy(&n, session, sizeof n);
	return &k->v[n % PRINCIPALS_KEPT];
}

static bool holds(const struct kept *e, const unsigned char session[static HASH_SIZE], uint64_t watched, int64_t now_ms)
{
	return e->p && e->watched == watched && now_ms < e->until_ms && now_ms >= e->p->at_ms &&
	       now_ms - e->p->at_ms < PRINCIPAL_KEEP_MS && !memcmp(e->p->session, session, HASH_SIZE);
}

struct principal *principals_find(struct principals *k, struct arena *a, const unsigned char session[static HASH_SIZE],
				  uint64_t watched, int64_t now_ms)
{
	struct principal *p = NULL;
	if (!k || !watched)
		return NULL;
	pthread_mutex_lock(&k->lock);
	const struct kept *e = slot_of(k, session);
	if (holds(e, session, watched, now_ms))
		p = copy_to(arena_raw(a, size_of(e->p)), e->p);
	pthread_mutex_unlock(&k->lock);
	if (p)
		p->at_ms = now_ms;
	return p;
}

void principals_keep(struct principals *k, const struct principal *p, uint64_t watched, int64_t until_ms)
{
	if (!k || !watched || p->n > PRINCIPAL_GRANTS_MAX || p->at_ms >= until_ms)
		return;
	void *room = malloc(size_of(p));
	if (!room)
		return;
	struct principal *copy = copy_to(room, p);
	pthread_mutex_lock(&k->lock);
	struct kept *e = slot_of(k, p->session);
	struct principal *old = e->p;
	*e = (struct kept){ copy, watched, until_ms };
	pthread_mutex_unlock(&k->lock);
	free(old);
}
