/* bihuan hj212 check FILE --json: says of each line what is right or wrong with the packet on it. */
#include <stdio.h>

#include "base/json.h"
#include "cli/cli.h"
#include "gateway/hj212/frame.h"
#include "sys/file.h"

enum { FILE_MAX = 1 << 30 };

struct verdict {
	bool ok;
	enum hj212_fault fault;
	enum hj212_crc_kind crc;
	struct hj212_head head;
};

/* A line holds one packet; anything before or behind it is a fault of its frame. */
static struct verdict judge(const struct hj212_crc *t, str line)
{
	struct verdict v = { .fault = HJ212_FAULT_FRAME };
	struct hj212_frame frame;
	enum hj212_found found;
	size_t done = hj212_next(t, line, true, &frame, &found);
	if (found != HJ212_FRAME)
		return v;
	v.crc = frame.crc;
	v.fault = frame.one_hash || done < line.n ? HJ212_FAULT_FRAME : frame.fault;
	if (!hj212_head(frame.segment, &v.head) || !v.head.whole)
		v.fault = v.fault == HJ212_FAULT_NONE ? HJ212_FAULT_SEGMENT : v.fault;
	v.ok = v.fault == HJ212_FAULT_NONE;
	return v;
}

static void put_field(struct buf *b, const char *name, str value)
{
	buf_printf(b, ",\"%s\":", name);
	if (value.n)
		json_put_str(b, value);
	else
		buf_put(b, S("null"));
}

static void put_json(struct buf *b, int64_t line, const struct verdict *v)
{
	buf_printf(b, "{\"line\":%lld,\"ok\":%s,\"reason\":", (long long)line, v->ok ? "true" : "false");
	if (v->ok)
		buf_put(b, S("null"));
	else
		buf_printf(b, "\"%s\"", hj212_fault_name(v->fault));
	buf_printf(b, ",\"crc_kind\":\"%s\"", hj212_crc_kind_name(v->crc));
	put_field(b, "st", v->head.st);
	put_field(b, "cn", v->head.cn);
	put_field(b, "mn", v->head.mn);
	put_field(b, "qn", v->head.qn);
	buf_put(b, S("}\n"));
}

static void put_plain(struct buf *b, int64_t line, const struct verdict *v)
{
	buf_printf(b, "%6lld  %-8s crc %-8s ST " STR_FMT " CN " STR_FMT " MN " STR_FMT "\n", (long long)line,
		   v->ok ? "ok" : hj212_fault_name(v->fault), hj212_crc_kind_name(v->crc), STR_ARG(v->head.st),
		   STR_ARG(v->head.cn), STR_ARG(v->head.mn));
}

static err check(struct cli *cli, str path, int64_t *ret_bad)
{
	struct hj212_crc *t = NEW(cli->a, struct hj212_crc);
	struct buf out = BUF(cli->a);
	str rest, line;
	int64_t number = 0;
	hj212_crc_init(t);
	TRY(file_read(cli->a, arena_cstr(cli->a, path), FILE_MAX, &rest, &cli->fail));
	while (str_cut(&rest, '\n', &line)) {
		number++;
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (!str_trim(line).n)
			continue;
		struct verdict v = judge(t, line);
		*ret_bad += !v.ok;
		(cli->json ? put_json : put_plain)(&out, number, &v);
	}
	str all = buf_str(&out);
	bool written = fwrite(all.p, 1, all.n, stdout) == all.n && fflush(stdout) == 0;
	return written ? ERR_OK : FAIL(&cli->fail, IO, "", "err.export");
}

enum exit_code cmd_hj212(struct cli *cli)
{
	int64_t bad = 0;
	if (cli->args.nrest != 2 || !str_eq(cli->args.rest[0], S("check"))) {
		SAY(cli, "cli.hj212.detail");
		return EXIT_USAGE;
	}
	if (check(cli, cli->args.rest[1], &bad) != ERR_OK)
		return cli_fail(cli);
	return bad ? EXIT_REFUSED : EXIT_OK;
}
