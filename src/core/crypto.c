#include "core/crypto.h"

#include <argon2.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bihuan: %s failed\n", what);
	abort();
}

const char *hash_alg_name(enum hash_alg alg)
{
	return alg == HASH_SM3 ? "sm3" : "sha256";
}

bool hash_alg_parse(str name, enum hash_alg *ret)
{
	if (str_eq(name, S("sha256")))
		*ret = HASH_SHA256;
	else if (str_eq(name, S("sm3")))
		*ret = HASH_SM3;
	else
		return false;
	return true;
}

/* Fetching an algorithm takes a lock and a search, hashing 300 bytes does not: fetched once, never changed, for all threads. */
static EVP_MD *digests[2];
static EVP_MAC_CTX *hmac_begun; /* with SHA-256; copied, never used itself */
static pthread_key_t hmac_of_thread; /* a copy of it that is begun anew with each key */
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

static void free_hmac(void *cx)
{
	EVP_MAC_CTX_free(cx);
}

static void fetch(void)
{
	OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){ "SHA256" }, 0), OSSL_PARAM_construct_end() };
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	digests[HASH_SHA256] = EVP_MD_fetch(NULL, "SHA256", NULL);
	digests[HASH_SM3] = EVP_MD_fetch(NULL, "SM3", NULL);
	hmac_begun = mac ? EVP_MAC_CTX_new(mac) : NULL;
	must(digests[HASH_SHA256] && hmac_begun && EVP_MAC_CTX_set_params(hmac_begun, params), "fetching a hash");
	EVP_MAC_free(mac);
	must(pthread_key_create(&hmac_of_thread, free_hmac) == 0, "a thread's key");
}

struct hasher {
	EVP_MD_CTX *cx;
};

struct hasher *hasher_new(enum hash_alg alg)
{
	struct hasher *h = calloc(1, sizeof *h);
	must(h, "memory");
	pthread_once(&fetched, fetch);
	h->cx = EVP_MD_CTX_new();
	must(h->cx && digests[alg] && EVP_DigestInit_ex2(h->cx, digests[alg], NULL), hash_alg_name(alg));
	return h;
}

void hasher_free(struct hasher *h)
{
	if (!h)
		return;
	EVP_MD_CTX_free(h->cx);
	free(h);
}

void hasher_drop(struct hasher **h)
{
	hasher_free(*h);
	*h = NULL;
}

void hasher_begin(struct hasher *h)
{
	must(EVP_DigestInit_ex2(h->cx, NULL, NULL), "hash");
}

void hasher_add(struct hasher *h, str bytes)
{
	must(EVP_DigestUpdate(h->cx, bytes.p, bytes.n), "hash");
}

void hasher_end(struct hasher *h, unsigned char ret[static HASH_SIZE])
{
	unsigned n = 0;
	must(EVP_DigestFinal_ex(h->cx, ret, &n) && n == HASH_SIZE, "hash");
}

void hash_bytes(enum hash_alg alg, str bytes, unsigned char ret[static HASH_SIZE])
{
	AUTO(hasher_drop) struct hasher *h = hasher_new(alg);
	hasher_add(h, bytes);
	hasher_end(h, ret);
}

void hmac_sha256(str key, str bytes, unsigned char ret[static HASH_SIZE])
{
	pthread_once(&fetched, fetch);
	EVP_MAC_CTX *cx = pthread_getspecific(hmac_of_thread);
	size_t n = 0;
	if (!cx) {
		cx = EVP_MAC_CTX_dup(hmac_begun);
		must(cx && pthread_setspecific(hmac_of_thread, cx) == 0, "hmac");
	}
	/* An empty key must not be NULL: NULL means "the key of before". */
	const void *k = key.n ? (const void *)key.p : "";
	must(EVP_MAC_init(cx, k, key.n, NULL) && EVP_MAC_update(cx, (const unsigned char *)bytes.p, bytes.n) &&
		     EVP_MAC_final(cx, ret, &n, HASH_SIZE) && n == HASH_SIZE, "hmac");
}

/* Of the second factor (RFC 6238). */
void hmac_sha1(str key, str bytes, unsigned char ret[static 20])
{
	unsigned n = 0;
	must(HMAC(EVP_sha1(), key.n ? (const void *)key.p : "", (int)key.n, (const unsigned char *)bytes.p, bytes.n, ret, &n) && n == 20, "hmac");
}

void random_bytes(void *ret, size_t n)
{
	must(n <= INT32_MAX && RAND_bytes(ret, (int)n) == 1, "random bytes");
}

enum { SALTS_DRAWN = 32 };

/* A visit to the generator costs far more than the bytes of one salt. */
void salt_bytes(unsigned char ret[static SALT_BYTES])
{
	static _Thread_local struct {
		unsigned char bytes[SALTS_DRAWN * SALT_BYTES];
		size_t left;
	} drawn;
	if (!drawn.left) {
		random_bytes(drawn.bytes, sizeof drawn.bytes);
		drawn.left = SALTS_DRAWN;
	}
	unsigned char *from = drawn.bytes + --drawn.left * SALT_BYTES;
	memcpy(ret, from, SALT_BYTES);
	bytes_wipe(from, SALT_BYTES);
}

bool bytes_equal(str a, str b)
{
	return a.n == b.n && (a.n == 0 || CRYPTO_memcmp(a.p, b.p, a.n) == 0);
}

void bytes_wipe(void *p, size_t n)
{
	OPENSSL_cleanse(p, n);
}

/* ---- encodings ---- */

str hex_encode(struct arena *a, str bytes)
{
	static const char digits[] = "0123456789abcdef";
	char *p = arena_alloc(a, bytes.n * 2 + 1);
	for (size_t i = 0; i < bytes.n; i++) {
		p[2 * i] = digits[(unsigned char)bytes.p[i] >> 4];
		p[2 * i + 1] = digits[(unsigned char)bytes.p[i] & 15];
	}
	return (str){ p, bytes.n * 2 };
}

/* Value of a digit of an alphabet of 1 << bits characters, or -1. */
static int digit_value(char c, int bits)
{
	int lower = c >= 'a' && c <= 'z' ? c - 'a' : -1, upper = c >= 'A' && c <= 'Z' ? c - 'A' : -1;
	int dec = c >= '0' && c <= '9' ? c - '0' : -1;
	if (bits == 4)
		return dec >= 0 ? dec : lower >= 0 && lower < 6 ? lower + 10 : upper >= 0 && upper < 6 ? upper + 10 : -1;
	if (bits == 5)
		return lower >= 0 ? lower : upper >= 0 ? upper : dec >= 2 && dec <= 7 ? dec + 24 : -1;
	return upper >= 0 ? upper : lower >= 0 ? lower + 26 : dec >= 0 ? dec + 52 : c == '-' ? 62 : c == '_' ? 63 : -1;
}

static str encode(struct arena *a, str bytes, const char *alphabet, unsigned bits)
{
	char *p = arena_alloc(a, bytes.n * 8 / bits + 2);
	size_t n = 0;
	uint32_t acc = 0;
	unsigned have = 0;
	for (size_t i = 0; i < bytes.n; i++) {
		acc = acc << 8 | (unsigned char)bytes.p[i];
		for (have += 8; have >= bits; have -= bits)
			p[n++] = alphabet[acc >> (have - bits) & ((1u << bits) - 1)];
	}
	if (have)
		p[n++] = alphabet[acc << (bits - have) & ((1u << bits) - 1)];
	return (str){ p, n };
}

static bool decode(struct arena *a, str text, int bits, str *ret)
{
	char *p = arena_alloc(a, text.n * (size_t)bits / 8 + 1);
	size_t n = 0;
	uint32_t acc = 0;
	int have = 0;
	for (size_t i = 0; i < text.n; i++) {
		int v = digit_value(text.p[i], bits);
		if (v < 0)
			return false;
		acc = (acc << bits | (uint32_t)v) & 0xffff;
		have += bits;
		if (have >= 8) {
			have -= 8;
			p[n++] = (char)(acc >> have & 0xff);
		}
	}
	/* Left-over bits must be few and zero, so that each value has one spelling. */
	if (have >= bits || (acc & ((1u << have) - 1)))
		return false;
	*ret = (str){ p, n };
	return true;
}

bool hex_decode(struct arena *a, str text, str *ret)
{
	return decode(a, text, 4, ret);
}

str base32_encode(struct arena *a, str bytes)
{
	return encode(a, bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5);
}

bool base32_decode(struct arena *a, str text, str *ret)
{
	char *p = arena_alloc(a, text.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] != ' ' && text.p[i] != '=')
			p[n++] = text.p[i];
	return decode(a, (str){ p, n }, 5, ret);
}

str base64url_encode(struct arena *a, str bytes)
{
	return encode(a, bytes, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 6);
}

bool base64url_decode(struct arena *a, str text, str *ret)
{
	return decode(a, text, 6, ret);
}

/* ---- passwords ---- */

enum { SALT_SIZE = 16, PHC_MAX = 160, PASSWORD_MAX = 1024 };

struct password_hasher {
	struct password_cost cost;
	pthread_mutex_t lock;
	pthread_cond_t room;
	int free_places;
	char dummy[PHC_MAX]; /* what an unknown user's password is compared with */
};

static err hash_into(struct password_hasher *p, str password, char phc[static PHC_MAX])
{
	unsigned char salt[SALT_SIZE];
	random_bytes(salt, sizeof salt);
	int r = argon2id_hash_encoded(p->cost.passes, p->cost.memory_kib, p->cost.lanes, password.p, password.n,
				      salt, sizeof salt, HASH_SIZE, phc, PHC_MAX);
	return r == ARGON2_OK ? ERR_OK : ERR_INTERNAL;
}

struct password_hasher *password_hasher_new(struct password_cost cost, int at_once)
{
	struct password_hasher *p = calloc(1, sizeof *p);
	must(p, "memory");
	p->cost = cost;
	p->free_places = at_once > 0 ? at_once : 1;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->room, NULL);
	return p;
}

void password_hasher_free(struct password_hasher *p)
{
	if (!p)
		return;
	pthread_cond_destroy(&p->room);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

static void enter(struct password_hasher *p)
{
	pthread_mutex_lock(&p->lock);
	while (p->free_places == 0)
		pthread_cond_wait(&p->room, &p->lock);
	p->free_places--;
	pthread_mutex_unlock(&p->lock);
}

static void leave(struct password_hasher *p)
{
	pthread_mutex_lock(&p->lock);
	p->free_places++;
	pthread_cond_signal(&p->room);
	pthread_mutex_unlock(&p->lock);
}

err password_hash(struct password_hasher *p, struct arena *a, str password, str *ret_phc)
{
	if (password.n > PASSWORD_MAX)
		return ERR_TOO_LARGE;
	char phc[PHC_MAX];
	enter(p);
	err e = hash_into(p, password, phc);
	leave(p);
	if (e == ERR_OK)
		*ret_phc = arena_str(a, str_of(phc));
	return e;
}

/* The dummy is made when first needed, so that starting costs nothing. */
static void dummy_phc(struct password_hasher *p, char phc[static PHC_MAX])
{
	pthread_mutex_lock(&p->lock);
	memcpy(phc, p->dummy, PHC_MAX);
	pthread_mutex_unlock(&p->lock);
	if (phc[0] || hash_into(p, S("nobody"), phc) != ERR_OK)
		return;
	pthread_mutex_lock(&p->lock);
	memcpy(p->dummy, phc, PHC_MAX);
	pthread_mutex_unlock(&p->lock);
}

bool password_matches(struct password_hasher *p, str phc, str password)
{
	bool known = phc.n > 0 && phc.n < PHC_MAX && password.n <= PASSWORD_MAX;
	size_t n = password.n <= PASSWORD_MAX ? password.n : PASSWORD_MAX;
	char text[PHC_MAX] = { 0 };
	enter(p);
	if (known)
		memcpy(text, phc.p, phc.n);
	else
		dummy_phc(p, text);
	bool ok = argon2id_verify(text, password.p, n) == ARGON2_OK;
	leave(p);
	return ok && known;
}
