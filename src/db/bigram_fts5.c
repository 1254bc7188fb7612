/* The tokenizer `bigram` of FTS5 (see bigram.h). */
#include <sqlite3.h>

#include "db/bigram.h"

typedef int token_fn(void *ctx, int flags, const char *token, int n, int start, int end);

struct relay {
	token_fn *fn;
	void *ctx;
};

static int relay_word(void *arg, const struct bigram_word *w)
{
	struct relay *r = arg;
	return r->fn(r->ctx, 0, w->text.p, (int)w->text.n, w->start, w->end);
}

static int tok_create(void *ctx, const char **args, int n, Fts5Tokenizer **ret)
{
	(void)args;
	if (n)
		return SQLITE_ERROR;
	*ret = ctx; /* no state: any pointer that is not NULL */
	return SQLITE_OK;
}

static void tok_delete(Fts5Tokenizer *t)
{
	(void)t;
}

static int tok_words(Fts5Tokenizer *t, void *ctx, int flags, const char *text, int n, token_fn *fn)
{
	(void)t;
	struct relay r = { fn, ctx };
	enum bigram_mode mode = flags & FTS5_TOKENIZE_QUERY ? BIGRAM_QUERY : BIGRAM_TEXT;
	return bigram_words((str){ text ? text : "", (size_t)n }, mode, relay_word, &r);
}

static fts5_api *fts5_of(sqlite3 *db)
{
	fts5_api *api = NULL;
	sqlite3_stmt *st = NULL;
	if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &st, NULL) == SQLITE_OK) {
		sqlite3_bind_pointer(st, 1, &api, "fts5_api_ptr", NULL);
		(void)sqlite3_step(st);
	}
	sqlite3_finalize(st);
	return api;
}

int bigram_register(sqlite3 *db)
{
	fts5_tokenizer tok = { tok_create, tok_delete, tok_words };
	fts5_api *api = fts5_of(db);
	if (!api)
		return SQLITE_ERROR;
	return api->xCreateTokenizer(api, "bigram", api, &tok, NULL);
}
