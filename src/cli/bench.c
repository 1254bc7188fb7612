/* bihuan bench fill N: generated matters, for measuring. Real ones: each with its event, parties and
 * search text. */
#include <inttypes.h>
#include <stdio.h>

#include "cli/bench.h"
#include "cli/open.h"
#include "cli/house_sql.h"
#include "core/region.h"
#include "loop/matter.h"

enum { BATCH = 2000 };

struct filling {
	struct house *h;
	struct principal who;
	const struct house_orgs_rows *orgs;
	const struct house_regions_rows *regions;
	int64_t from, n;
	uint64_t seed;
	struct fail fail;
};

static uint64_t next(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

/* A sentence of the field from a few lists: every pair of its words occurs often, all together rarely. */
static str sentence(struct arena *a, uint64_t *seed)
{
	static const char *const verbs[] = { "排查整治", "督促落实", "开展检查", "完成改造", "建立台账", "加强巡查", "限期整改", "跟踪督办" };
	static const char *const things[] = { "燃气管道", "煤矿瓦斯", "消防通道", "入河排污口", "建筑扬尘", "尾矿库", "危化品仓库", "电动自行车充电",
					      "施工塔吊", "老旧电梯", "污水管网", "秸秆焚烧", "森林防火", "渣土车", "自建房", "噪声扰民" };
	static const char *const places[] = { "东片区", "西片区", "沿河路段", "工业园区", "老城区", "城乡结合部", "学校周边", "山区乡道" };
	return arena_printf(a, "%s%s%s隐患（第%u批）", verbs[next(seed) % COUNT_OF(verbs)], places[next(seed) % COUNT_OF(places)],
			    things[next(seed) % COUNT_OF(things)], (unsigned)(next(seed) % 9973));
}

static err fill(struct db_conn *c, void *arg)
{
	struct filling *fi = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(fi->h, a, c, clock_now_ms(&fi->h->clock));
	uint64_t seed = fi->seed + (uint64_t)fi->from * 2654435761u + 88172645463325252u;
	err e = ERR_OK;
	cx.who = &fi->who;
	for (int64_t i = 0; e == ERR_OK && i < fi->n; i++) {
		struct json_ids lead = { &fi->orgs->v[next(&seed) % fi->orgs->n].id, 1 };
		int64_t id, due = china_day(cx.now_ms) + (int64_t)(next(&seed) % 400) - 60;
		str title = sentence(a, &seed);
		e = matter_create(&cx, &(struct matter_new){
			.kind = S("task"), .region = fi->regions->v[next(&seed) % fi->regions->n].code, .title = title, .text = title,
			.sectors = (int64_t)1 << (next(&seed) % 23), .lead = lead, .due_day = due, .recurs = S("") }, &id);
		arena_reset(a);
	}
	fi->fail = cx.fail;
	return e;
}

static err fill_all(struct cli *cli, struct filling *fi, int64_t n)
{
	for (fi->from = 0; fi->from < n; fi->from += fi->n) {
		fi->n = n - fi->from < BATCH ? n - fi->from : BATCH;
		err e = db_write(fi->h->app.db, fill, fi, &fi->fail);
		if (e != ERR_OK) {
			cli->fail = fi->fail;
			return e;
		}
		if (fi->from % 100000 == 0)
			fprintf(stderr, "%" PRId64 " / %" PRId64 "\n", fi->from, n);
	}
	return ERR_OK;
}

static err prepare(struct cli *cli, struct filling *fi, struct house_orgs_rows *orgs, struct house_regions_rows *regions)
{
	struct db_conn *c;
	struct house_office_row office;
	int64_t lo, hi;
	region_range(fi->h->app.home_region, &lo, &hi); /* so that the house's own office may see them all */
	TRY(db_read_begin(fi->h->app.db, &c, &cli->fail));
	err e = house_orgs(c, cli->a, orgs);
	if (e == ERR_OK)
		e = house_regions(c, cli->a, &(struct house_regions_params){ lo, hi }, regions);
	if (e == ERR_OK)
		e = house_office(c, cli->a, &office);
	if (e == ERR_OK) {
		struct principal_grant *all = NEW(cli->a, struct principal_grant);
		*all = (struct principal_grant){ .perms = -1, .lo = 1, .hi = REGION_MAX, .sectors = SECTORS_ALL, .secret = SECRET_MAX,
						 .to_ms = INT64_MAX };
		fi->who = (struct principal){ .account = office.account, .org = office.org, .org_region = fi->h->app.home_region,
					      .roles = fi->h->app.roles, .n = 1, .v = all };
	}
	db_read_end(fi->h->app.db, c);
	if (e == ERR_OK && (!orgs->n || !regions->n))
		e = ERR_NOT_FOUND;
	return e == ERR_OK ? e : FAIL(&cli->fail, NOT_FOUND, "", "err.bench_store");
}

enum exit_code cmd_bench(struct cli *cli)
{
	struct filling fi = { .seed = 20261122 };
	struct house_orgs_rows orgs;
	struct house_regions_rows regions;
	int64_t n;
	str what = cli->args.nrest ? cli->args.rest[0] : S("");
	bool objects = str_eq(what, S("objects"));
	if (cli->args.nrest != 2 || !(objects || str_eq(what, S("fill"))) || !str_to_i64(cli->args.rest[1], &n) || n < 1) {
		SAY(cli, "cli.bench.detail");
		return EXIT_USAGE;
	}
	if (house_open(cli, OPEN_EXISTING, &fi.h) != ERR_OK)
		return cli_fail(cli);
	fi.orgs = &orgs;
	fi.regions = &regions;
	err e = prepare(cli, &fi, &orgs, &regions);
	if (e == ERR_OK)
		e = objects ? bench_objects(cli, fi.h, &orgs, n) : fill_all(cli, &fi, n);
	house_close(fi.h);
	return e == ERR_OK ? EXIT_OK : cli_fail(cli);
}
