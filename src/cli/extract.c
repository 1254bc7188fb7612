/* bihuan extract FILE… --json: one JSON object a document, on a line of its own. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "sys/file.h"
#include "cli/open.h"
#include "decide/extract.h"
#include "format/doctext.h"

struct run {
	struct cli *cli;
	const struct lexicon *lx;
	int64_t reference_day;
};

static str cue_of(str text, struct cue c)
{
	size_t from = utf8_offset(text, c.start);
	return str_sub(text, from, from + utf8_offset(str_sub(text, from, text.n), c.end - c.start));
}

static void say_units(const char *what, const struct unit_refs *u)
{
	for (size_t i = 0; i < u->n; i++)
		printf("%s" STR_FMT, i ? "、" : what, STR_ARG(u->v[i].name));
}

static void print_for_people(str text, const struct extraction *x)
{
	printf("# " STR_FMT "\n", STR_ARG(x->title.text));
	for (size_t i = 0; i < x->directives.n; i++) {
		const struct directive *d = &x->directives.v[i];
		printf("%3zu. [%.2f] " STR_FMT "\n", i + 1, d->confidence, STR_ARG(d->text));
		say_units("     → ", &d->leads);
		say_units("  + ", &d->cos);
		if (d->has_deadline)
			printf("  ⏲ " STR_FMT, STR_ARG(cue_of(text, d->deadline.cue)));
		for (size_t t = 0; t < d->targets.n; t++)
			printf("  ◎ " STR_FMT, STR_ARG(d->targets.v[t].text));
		puts("");
	}
}

/* Goes out as it is written: the whole object of a large document is not held. */
static err print_json(struct arena *a, str file, const struct extraction *x, struct fail *f)
{
	enum { CHUNK = 64 << 10 };
	struct extraction_json json = { .x = x, .file = file };
	struct buf out = BUF(a);
	for (bool more = true; more;) {
		more = extraction_json_next(&out, &json);
		if (!more)
			buf_byte(&out, '\n');
		if (more && out.n < CHUNK)
			continue;
		if (fwrite(out.p, 1, out.n, stdout) != out.n)
			return FAIL(f, IO, "", "err.file", "path", "stdout", "detail", strerror(errno));
		out.n = 0;
	}
	return ERR_OK;
}

static err extract_file(struct run *r, const char *path)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct fail *f = &r->cli->fail;
	str bytes;
	struct doc_text doc;
	struct extraction x;
	const struct doc_limits limits = doc_limits_default();
	TRY(file_read(a, path, limits.max_input, &bytes, f));
	TRY(doc_read(a, str_of(path), bytes, &limits, &doc, f));
	TRY(extract(a, r->lx, doc.text, r->reference_day, &x));
	if (!r->cli->json) {
		print_for_people(doc.text, &x);
		return ERR_OK;
	}
	return print_json(a, str_of(path), &x, f);
}

enum exit_code cmd_extract(struct cli *cli)
{
	struct run r = { .cli = cli, .reference_day = INT64_MIN };
	struct lexicon *lx;
	enum exit_code code = EXIT_OK;
	str date = args_value(&cli->args, "date");
	if (!cli->args.nrest) {
		SAY(cli, "cli.extract.detail");
		return EXIT_USAGE;
	}
	if (date.p && !date_parse(date, &r.reference_day)) {
		fail_set(&cli->fail, ERR_BAD_INPUT, __FILE__, __LINE__, "date", "err.bad_date", NULL);
		return cli_fail(cli);
	}
	if (open_lexicon(cli->a, cli->cfg.catalog, &lx, &cli->fail) != ERR_OK)
		return cli_fail(cli);
	r.lx = lx;
	for (size_t i = 0; i < cli->args.nrest; i++)
		if (extract_file(&r, cli->args.rest[i].p) != ERR_OK)
			code = cli_fail(cli); /* the other files are read all the same */
	return code;
}
