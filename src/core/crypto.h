/* Hashes, authentication codes, random bytes, password hashes. The only core file with OpenSSL and
 * libargon2. Nothing here is home-made except encodings. */
#ifndef BH_CORE_CRYPTO_H
#define BH_CORE_CRYPTO_H

#include "base/arena.h"
#include "base/err.h"

enum { HASH_SIZE = 32 };
enum hash_alg { HASH_SHA256, HASH_SM3, HASH_ALG_COUNT };

const char *hash_alg_name(enum hash_alg alg);                 /* "sha256", "sm3" */
bool hash_alg_parse(str name, enum hash_alg *ret) MUST_USE;

/* A hash in progress, reusable: for many hashes in a row it saves setting up each time. Not shared
 * between threads. */
struct hasher;
struct hasher *hasher_new(enum hash_alg alg);
void hasher_free(struct hasher *h);                           /* accepts NULL */
void hasher_drop(struct hasher **h);                          /* for AUTO() */
void hasher_begin(struct hasher *h);
void hasher_add(struct hasher *h, str bytes);
void hasher_end(struct hasher *h, unsigned char ret[static HASH_SIZE]);

void hash_bytes(enum hash_alg alg, str bytes, unsigned char ret[static HASH_SIZE]);
void hmac_sha256(str key, str bytes, unsigned char ret[static HASH_SIZE]);
void hmac_sha1(str key, str bytes, unsigned char ret[static 20]); /* for one-time codes only (RFC 6238) */

void random_bytes(void *ret, size_t n);                       /* aborts when the system has none */
/* For salts, of which many are needed: drawn in blocks, each wiped as it is given out. Secrets are drawn by themselves. */
enum { SALT_BYTES = 16 };
void salt_bytes(unsigned char ret[static SALT_BYTES]);
bool bytes_equal(str a, str b);                               /* in constant time for equal lengths */
void bytes_wipe(void *p, size_t n);                           /* not optimised away */

str hex_encode(struct arena *a, str bytes);                   /* lower case */
bool hex_decode(struct arena *a, str text, str *ret) MUST_USE;
str base32_encode(struct arena *a, str bytes);                /* RFC 4648, without padding */
bool base32_decode(struct arena *a, str text, str *ret) MUST_USE; /* accepts lower case, blanks, padding */
str base64url_encode(struct arena *a, str bytes);             /* RFC 4648 §5, without padding */
bool base64url_decode(struct arena *a, str text, str *ret) MUST_USE;

/* argon2id. Each hash takes `memory_kib` of memory, so at most `at_once` run together; others wait. */
struct password_cost {
	uint32_t memory_kib, passes, lanes;
};
#define PASSWORD_COST_DEFAULT ((struct password_cost){ .memory_kib = 19456, .passes = 2, .lanes = 1 })
struct password_hasher;
struct password_hasher *password_hasher_new(struct password_cost cost, int at_once);
void password_hasher_free(struct password_hasher *p);
/* PHC string ($argon2id$v=19$m=…). */
err password_hash(struct password_hasher *p, struct arena *a, str password, str *ret_phc) MUST_USE;
/* A null phc (unknown user) takes the same time and is false. */
bool password_matches(struct password_hasher *p, str phc, str password);

#endif
