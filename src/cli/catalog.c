/* bihuan catalog check | list | show TABLE */
#include <stdio.h>

#include "base/json.h"
#include "cli/open.h"
#include "core/catalog.h"
#include "core/catalog_check.h"
#include "core/i18n.h"
#include "loop/criteria_check.h"
#include "loop/workflow.h"

static enum exit_code usage(struct cli *cli)
{
	SAY(cli, "cli.catalog.detail");
	return EXIT_USAGE;
}

static void print_row(const struct rows *r, size_t row, bool header)
{
	for (size_t c = 0; c < r->ncolumns; c++) {
		str cell = header ? r->columns[c] : rows_cell(r, row, c);
		printf("%s" STR_FMT, c ? "\t" : "", STR_ARG(cell));
	}
	puts("");
}

static void print_row_json(struct cli *cli, const struct rows *r, size_t row)
{
	struct buf b = BUF(cli->a);
	buf_byte(&b, '{');
	for (size_t c = 0; c < r->ncolumns; c++) {
		if (c)
			buf_byte(&b, ',');
		json_put_str(&b, r->columns[c]);
		buf_byte(&b, ':');
		json_put_str(&b, rows_cell(r, row, c));
	}
	buf_byte(&b, '}');
	printf(STR_FMT "\n", STR_ARG(buf_str(&b)));
}

static err show(struct cli *cli, const struct catalog *cat, str table)
{
	struct rows r;
	TRY(catalog_table(cat, cli->a, table, &r, &cli->fail));
	if (!cli->json)
		print_row(&r, 0, true);
	for (size_t i = 0; i < r.n; i++) {
		if (cli->json)
			print_row_json(cli, &r, i);
		else
			print_row(&r, i, false);
	}
	return ERR_OK;
}

static void list(struct cli *cli, const struct catalog *cat)
{
	for (size_t i = 0; i < catalog_count(cat); i++) {
		struct catalog_file file = catalog_at(cat, i);
		if (!str_ends(file.path, S("/META")))
			continue;
		str path = str_sub(file.path, 0, file.path.n - 5);
		str title = meta_get(file.bytes, str_eq(cli->lang, S("en")) ? S("title_en") : S("title_zh"));
		str from = meta_get(file.bytes, S("in_force")), status = meta_get(file.bytes, S("status"));
		str certainty = meta_get(file.bytes, S("certainty"));
		if (cli->json)
			printf("{\"edition\":\"" STR_FMT "\",\"in_force\":\"" STR_FMT "\",\"status\":\"" STR_FMT "\",\"certainty\":\"" STR_FMT
			       "\"}\n", STR_ARG(path), STR_ARG(from), STR_ARG(status), STR_ARG(certainty));
		else
			printf("%-24.*s %-12.*s %-10.*s %-12.*s " STR_FMT "\n", STR_ARG(path), STR_ARG(from), STR_ARG(status),
			       STR_ARG(certainty), STR_ARG(title));
	}
}

/* Faults of one workflow, each line under the folder it is in. */
static size_t check_workflow(struct cli *cli, const struct catalog *cat, str dir, struct buf *faults)
{
	struct workflow *wf;
	struct buf own = BUF(cli->a);
	str rest, one;
	struct fail f = { 0 };
#define PART(name) catalog_bytes(cat, arena_printf(cli->a, STR_FMT name, STR_ARG(dir)))
	struct wf_source src = { PART("META"), PART("states.tsv"), PART("acts.tsv"), PART("fields.tsv"),
				 PART("deadlines.tsv"), PART("roles.tsv"), PART("options.tsv") };
#undef PART
	if (workflow_load(cli->a, &src, &wf, &f) != ERR_OK) {
		buf_printf(faults, STR_FMT STR_FMT "\n", STR_ARG(dir), STR_ARG(i18n_fail(cli->a, S("en"), &f)));
		return 1;
	}
	size_t n = workflow_check(wf, &own);
	rest = buf_str(&own);
	while (n && str_cut(&rest, '\n', &one))
		if (one.n)
			buf_printf(faults, STR_FMT STR_FMT "\n", STR_ARG(dir), STR_ARG(one));
	return n;
}

/* What the tables' form cannot say: that a workflow comes to an end and nobody verifies their own work. */
static size_t check_workflows(struct cli *cli, const struct catalog *cat, struct buf *faults)
{
	size_t n = 0;
	for (size_t i = 0; i < catalog_count(cat); i++) {
		str path = catalog_at(cat, i).path;
		if (str_starts(path, S("workflow/")) && str_ends(path, S("/META")))
			n += check_workflow(cli, cat, str_sub(path, 0, path.n - 4), faults);
	}
	return n;
}

static void add_fault(void *arg, const char *text)
{
	buf_printf(arg, "%s\n", text);
}

static enum exit_code check(struct cli *cli, const struct catalog *cat)
{
	struct buf faults = BUF(cli->a);
	struct catalog_file *files;
	size_t n = 0, count = 0;
	if (catalog_files(cat, cli->a, &files, &count, &cli->fail) != ERR_OK)
		return cli_fail(cli);
	size_t tables = catalog_check(cli->a, files, count, add_fault, &faults);
	tables += criteria_check(cli->a, files, count, add_fault, &faults);
	n = tables + check_workflows(cli, cat, &faults);
	printf(STR_FMT, STR_ARG(buf_str(&faults)));
	if (cli->json)
		printf("{\"ok\":%s,\"faults\":%zu,\"files\":%zu}\n", n ? "false" : "true", n, catalog_count(cat));
	else if (!n)
		SAY(cli, "cli.catalog.ok", "files", arena_printf(cli->a, "%zu", catalog_count(cat)).p);
	return n ? EXIT_REFUSED : EXIT_OK;
}

enum exit_code cmd_catalog(struct cli *cli)
{
	struct catalog *cat;
	enum exit_code code = EXIT_OK;
	size_t n = cli->args.nrest;
	str verb = n ? cli->args.rest[0] : S("");
	bool with_word = str_eq(verb, S("show"));
	if (!n || (with_word && n != 2) || n > 2)
		return usage(cli);
	str dir = !with_word && n == 2 ? cli->args.rest[1] : cli->cfg.catalog;
	if (catalog_load(dir.p, &cat, &cli->fail) != ERR_OK)
		return cli_fail(cli);
	if (str_eq(verb, S("check")))
		code = check(cli, cat);
	else if (str_eq(verb, S("list")))
		list(cli, cat);
	else if (with_word && show(cli, cat, cli->args.rest[1]) != ERR_OK)
		code = cli_fail(cli);
	else if (!with_word)
		code = usage(cli);
	catalog_free(cat);
	return code;
}
