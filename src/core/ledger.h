/* The ledger: every act is one event of its region's log, written in the transaction of its effects.
 *
 * body is the exact text that is hashed, canonical JSON (canon.h) with these members:
 *   {"actor":"<account, 0 = the system>","at":<ms UTC>,"data":{…},"kind":"matter.accept",
 *    "region":<code>,"seq":<0, 1, 2 …>,"subject":"matter/<id>","v":1}
 * leaf = H(0x00 ‖ body), H = SHA-256 or SM3 as the log says. The columns of ledger_event are copies of
 * what the body says. Personal data never enters a body in the clear: commitment() stands for it. */
#ifndef BH_CORE_LEDGER_H
#define BH_CORE_LEDGER_H

#include "core/canon.h"
#include "core/crypto.h"
#include "db/ctx.h"

/* Who came in, left or was refused goes into a log of its own, beside those of the regions. */
#define LEDGER_ACCESS INT64_C(0)

struct ledger_entry {
	int64_t region, seq, at_ms, actor;
	str kind;      /* a–z 0–9 . - */
	str subject;   /* the same, and / */
	str data;      /* a canonical object */
};

/* The bytes that are hashed; the null string when kind, subject or data is not as described. */
str ledger_body(struct arena *a, const struct ledger_entry *e);

/* Appends an event inside the caller's write transaction, by cx->who at cx->now_ms. `data` is what
 * canon_end() gave, or the null string from canon_end() is refused (ERR_INTERNAL). The log of a region
 * begins with its first event. Writers of one region queue up until the transaction ends, so append
 * when the act's checks have passed. */
err ledger_append(struct ctx *cx, int64_t region, const char *kind, str subject, str data,
		  int64_t *ret_seq) MUST_USE;
/* "matter/123" in the context's arena. */
str ledger_subject(const struct ctx *cx, const char *kind, int64_t id);
/* HMAC-SHA-256(salt, value) in hex: proves later what was written, tells nothing without the salt. */
str commitment(struct arena *a, str salt, str value);

/* ---- the check ---- */

/* What differs first. Each has a message key ledger.what.<name>. */
enum ledger_what {
	LEDGER_OK,
	LEDGER_GAP,          /* sequence numbers do not follow each other */
	LEDGER_BODY,         /* the text is not canonical */
	LEDGER_COLUMNS,      /* region, seq, at, actor, kind or subject differ from the text */
	LEDGER_LEAF,         /* the stored leaf is not the text's hash */
	LEDGER_SIZE,         /* the log says another number of events */
	LEDGER_FRONTIER,     /* the log's frontier is not that of its events */
	LEDGER_NO_LOG,       /* events or matters of a region without a log */
	LEDGER_MATTER,       /* a matter is not in the state its last event left */
	LEDGER_WHAT_COUNT
};
const char *ledger_what_name(enum ledger_what what);  /* "gap", "body" … */

struct ledger_report {
	int64_t logs, events, matters;
	enum ledger_what what;        /* LEDGER_OK: everything agrees */
	int64_t region, seq;          /* where; seq -1 when it is not one event */
	char subject[72];             /* "matter/123" or "" */
};

/* Re-hashes every event and compares what was stored beside it; stops at the first difference. Reads
 * one snapshot. Failures of reading are errors; differences are not. progress may be NULL; returning
 * false from it stops the check with ERR_BUSY. */
err ledger_verify(struct db_conn *c, bool (*progress)(void *arg, int64_t events), void *arg,
		  struct ledger_report *ret) MUST_USE;


#endif
