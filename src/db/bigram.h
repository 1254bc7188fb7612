/* Words for full-text search in Chinese: overlapping pairs of characters, so that a word of two
 * characters is found as completely as by LIKE. One rule for both engines.
 *
 *   安全生产      -> 安全 全生 生产 产
 *   PM2.5 Ａbc    -> pm2 5 abc          (words of letters and digits whole, lower case, width folded)
 *
 * The character that closes a run is a word too: a search for one character is a search for words
 * that begin with it, and pairs on both sides of a comma are no neighbours. Traditional characters
 * stay as they are. */
#ifndef BH_DB_BIGRAM_H
#define BH_DB_BIGRAM_H

#include "base/buf.h"

struct bigram_word {
	str text;           /* valid during the callback */
	int start, end;     /* bytes in the source */
	int place;          /* 0, 1, 2 … */
	bool open;          /* in a query: search it as a beginning */
};
/* Returning non-zero stops the walk; bigram_words returns that value. */
typedef int bigram_fn(void *arg, const struct bigram_word *w);

enum bigram_mode { BIGRAM_TEXT, BIGRAM_QUERY /* the last run may go on: not closed */ };
int bigram_words(str text, enum bigram_mode mode, bigram_fn *fn, void *arg);

/* What a person typed, as FTS5's MATCH: blanks separate phrases that must all occur. The null string
 * when nothing searchable is in it. At most `max_terms` phrases are used. */
str bigram_match_fts5(struct arena *a, str typed, size_t max_terms);
/* The same for PostgreSQL: a tsquery, and the tsvector of a text. */
str bigram_match_pg(struct arena *a, str typed, size_t max_terms);
str bigram_vector_pg(struct arena *a, str text);

/* What was typed when it is one character that stands for itself (not a letter or digit), else the null string: a text
 * holds it where it matches. */
str bigram_one(str typed);

#ifdef SQLITE_VERSION
/* Makes tokenize='bigram' known to this connection; an SQLite result code. */
int bigram_register(sqlite3 *db);
#endif

#endif
