#include "core/login.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* ---- one-time codes ---- */

uint32_t totp_code(str secret, int64_t step, int digits)
{
	char counter[8];
	unsigned char mac[20];
	for (int i = 0; i < 8; i++)
		counter[i] = (char)((uint64_t)step >> (56 - 8 * i) & 0xff);
	hmac_sha1(secret, (str){ counter, sizeof counter }, mac);
	unsigned at = mac[19] & 15;
	uint32_t v = (uint32_t)(mac[at] & 0x7f) << 24 | (uint32_t)mac[at + 1] << 16 | (uint32_t)mac[at + 2] << 8 | mac[at + 3];
	uint32_t mod = 1;
	for (int i = 0; i < digits; i++)
		mod *= 10;
	return v % mod;
}

bool totp_check(str secret, str code, int64_t now_ms, int64_t last_step, int64_t *ret_step)
{
	int64_t now = now_ms / TOTP_STEP_MS;
	bool found = false;
	if (code.n != 6)
		return false;
	/* All three are computed, so that the time taken does not tell which was near. */
	for (int64_t step = now - 1; step <= now + 1; step++) {
		char want[11];
		snprintf(want, sizeof want, "%06u", totp_code(secret, step, 6));
		if (bytes_equal(str_of(want), code) && step > last_step && !found) {
			*ret_step = step;
			found = true;
		}
	}
	return found;
}

static void put_escaped(struct buf *b, str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
			     c == '.' || c == '_';
		if (plain)
			buf_byte(b, (char)c);
		else
			buf_printf(b, "%%%02X", c);
	}
}

str totp_uri(struct arena *a, str secret, str issuer, str login)
{
	struct buf b = BUF(a);
	buf_put(&b, S("otpauth://totp/"));
	put_escaped(&b, issuer);
	buf_byte(&b, ':');
	put_escaped(&b, login);
	buf_put(&b, S("?secret="));
	buf_put(&b, base32_encode(a, secret));
	buf_put(&b, S("&issuer="));
	put_escaped(&b, issuer);
	buf_put(&b, S("&algorithm=SHA1&digits=6&period=30"));
	return buf_str(&b);
}

/* ---- passwords ---- */

const struct password_policy *password_policy(str id)
{
	static const struct password_policy all[] = {
		{ "mlps3", 10, 128, 3 },
		{ "asvs5", 15, 128, 1 },
	};
	for (size_t i = 0; i < COUNT_OF(all); i++)
		if (str_eq(id, str_of(all[i].id)))
			return &all[i];
	return &all[0];
}

static int classes_of(str s)
{
	bool upper = false, lower = false, digit = false, other = false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c >= 'A' && c <= 'Z')
			upper = true;
		else if (c >= 'a' && c <= 'z')
			lower = true;
		else if (c >= '0' && c <= '9')
			digit = true;
		else
			other = true;
	}
	return upper + lower + digit + other;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static bool listed(str common, str word)
{
	str line;
	while (str_cut(&common, '\n', &line))
		if (line.n && str_eq(str_trim(line), word))
			return true;
	return false;
}

/* In small letters; also without the digits and signs behind and before it. */
static bool is_common(str common, str password)
{
	char low[512];
	size_t n = password.n < sizeof low ? password.n : sizeof low, from = 0, to = n;
	for (size_t i = 0; i < n; i++)
		low[i] = password.p[i] >= 'A' && password.p[i] <= 'Z' ? (char)(password.p[i] - 'A' + 'a') : password.p[i];
	if (listed(common, (str){ low, n }))
		return true;
	while (to > from && !is_letter(low[to - 1]))
		to--;
	while (from < to && !is_letter(low[from]))
		from++;
	return to > from && listed(common, (str){ low + from, to - from });
}

err password_check(const struct password_policy *p, str common, str login, str password, const char *pointer,
		   struct fail *f)
{
	size_t n = utf8_count(password);
	char number[24];
	if (n < p->min) {
		snprintf(number, sizeof number, "%zu", p->min);
		return FAIL(f, BAD_FIELD, pointer, "err.password_short", "min", number);
	}
	if (n > p->max) {
		snprintf(number, sizeof number, "%zu", p->max);
		return FAIL(f, BAD_FIELD, pointer, "err.password_long", "max", number);
	}
	if (classes_of(password) < p->classes) {
		snprintf(number, sizeof number, "%d", p->classes);
		return FAIL(f, BAD_FIELD, pointer, "err.password_classes", "min", number);
	}
	if (login.n >= 4 && str_find(password, login) >= 0)
		return FAIL(f, BAD_FIELD, pointer, "err.password_login");
	if (is_common(common, password))
		return FAIL(f, BAD_FIELD, pointer, "err.password_common");
	return ERR_OK;
}

bool login_valid(str login)
{
	for (size_t i = 0; i < login.n; i++) {
		char c = login.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'))
			return false;
	}
	return login.n >= 2 && login.n <= 64;
}

/* ---- lock-out and throttle ---- */

struct lock_state lock_after_failure(struct lock_state s, int64_t now_ms)
{
	if (s.fails + 1 < LOCK_AFTER)
		return (struct lock_state){ s.fails + 1, s.until_ms };
	return (struct lock_state){ 0, now_ms + LOCK_MS };
}

int64_t lock_minutes(int64_t until_ms, int64_t now_ms)
{
	return until_ms > now_ms ? (until_ms - now_ms + 59999) / 60000 : 0;
}

/* An office behind one address makes many honest mistakes; a list of logins makes more. */
enum { PEER_LIMIT = 100, SLOTS = 4096, PROBES = 8 };

struct throttle_slot {
	uint64_t key;
	int64_t fails, first_ms, until_ms;
};

struct throttle {
	pthread_mutex_t lock;
	struct throttle_slot slots[SLOTS];
};

struct throttle *throttle_new(void)
{
	struct throttle *t = calloc(1, sizeof *t);
	if (!t)
		abort();
	pthread_mutex_init(&t->lock, NULL);
	return t;
}

void throttle_free(struct throttle *t)
{
	if (!t)
		return;
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static uint64_t key_of(enum throttle_kind kind, str who)
{
	return (str_hash(who) ^ (kind == THROTTLE_PEER ? 0 : UINT64_C(0x9e3779b97f4a7c15))) | 1;
}

/* The slot of the key; else with `make` one that is over or the oldest of those probed. */
static struct throttle_slot *slot_of(struct throttle *t, uint64_t key, int64_t now_ms, bool make)
{
	struct throttle_slot *old = NULL;
	for (size_t i = 0; i < PROBES; i++) {
		struct throttle_slot *s = &t->slots[(key + i * 37) % SLOTS];
		bool over = s->first_ms + LOCK_MS <= now_ms && s->until_ms <= now_ms;
		if (s->key == key && !over)
			return s;
		if (over)
			s->key = 0;
		if (!old || s->key == 0 || (old->key && s->first_ms < old->first_ms))
			old = s;
	}
	if (!make)
		return NULL;
	*old = (struct throttle_slot){ .key = key, .first_ms = now_ms };
	return old;
}

int64_t throttle_until(struct throttle *t, enum throttle_kind kind, str who, int64_t now_ms)
{
	pthread_mutex_lock(&t->lock);
	struct throttle_slot *s = slot_of(t, key_of(kind, who), now_ms, false);
	int64_t until = s && s->until_ms > now_ms ? s->until_ms : 0;
	pthread_mutex_unlock(&t->lock);
	return until;
}

void throttle_failed(struct throttle *t, enum throttle_kind kind, str who, int64_t now_ms)
{
	pthread_mutex_lock(&t->lock);
	struct throttle_slot *s = slot_of(t, key_of(kind, who), now_ms, true);
	if (++s->fails >= (kind == THROTTLE_PEER ? PEER_LIMIT : LOCK_AFTER)) {
		s->fails = 0;
		s->until_ms = now_ms + LOCK_MS;
	}
	pthread_mutex_unlock(&t->lock);
}
