/* bihuan backup and restore: one tar archive of the store and the evidence. The copy of the store is
 * consistent while the server writes; it is checked before the archive gets its name. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/open.h"
#include "cli/verify.h"
#include "core/ledger.h"
#include "sys/program.h"

static err tar(struct cli *cli, const char *const *argv)
{
	int status;
	TRY(program_run(argv, &status, &cli->fail));
	return status == 0 ? ERR_OK : FAIL(&cli->fail, IO, "", "err.tool_failed", "tool", "tar");
}

/* Readings of another version, of a store that never had any: the file may be absent. */
static bool has_readings(struct cli *cli, str dir)
{
	return access(arena_printf(cli->a, STR_FMT "/" READINGS_FILE, STR_ARG(dir)).p, F_OK) == 0;
}

static err copy_readings(struct cli *cli, const char *from, const char *copy)
{
	struct db *db;
	TRY(db_open(&(struct db_options){ .dir = from, .file = READINGS_FILE, .readers = 1 }, &db, &cli->fail));
	err e = db_backup(db, copy, &cli->fail);
	db_close(db);
	return e;
}

static err verify_directory(struct cli *cli, str dir, struct ledger_report *ret)
{
	struct cli copy = *cli;
	struct house *h;
	copy.cfg.data = dir;
	copy.cfg.db = S("");
	err e = house_open(&copy, OPEN_AS_IS, &h);
	if (e == ERR_OK) {
		e = verify_store(h->app.db, ret, &copy.fail);
		if (e == ERR_OK)
			e = verify_readings(arena_cstr(cli->a, dir), &copy.fail);
		house_close(h);
	}
	if (e == ERR_OK && ret->what != LEDGER_OK)
		e = FAIL(&copy.fail, CORRUPT, "", "err.copy_differs", "subject", ret->subject);
	cli->fail = copy.fail;
	return e;
}

/* A temporary directory beside the archive, so that the renaming stays on one file system. */
static err stage(struct cli *cli, const char *file, char **ret_dir)
{
	char *dir = arena_cstr(cli->a, arena_printf(cli->a, "%s.staging-XXXXXX", file));
	if (!mkdtemp(dir))
		return FAIL(&cli->fail, IO, "", "err.file", "path", dir, "detail", strerror(errno));
	*ret_dir = dir;
	return ERR_OK;
}

static void remove_tree(const char *dir)
{
	int status;
	const char *argv[] = { "rm", "-rf", "--", dir, NULL };
	if (program_run(argv, &status, NULL) != ERR_OK)
		return; /* what is left over has a name that says so */
}

static err sync_file(struct cli *cli, const char *path, int64_t *ret_size)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0 && fstat(fd, &st) == 0;
	err e = ok ? ERR_OK : FAIL(&cli->fail, IO, "", "err.file", "path", path, "detail", strerror(errno));
	if (fd >= 0)
		close(fd);
	if (e == ERR_OK)
		*ret_size = st.st_size;
	return e;
}

static err write_archive(struct cli *cli, struct house *h, const char *dir, const char *file, int64_t *ret_size)
{
	struct ledger_report r;
	const char *copy = arena_printf(cli->a, "%s/bihuan.db", dir).p, *part = arena_printf(cli->a, "%s.part", file).p;
	TRY(db_backup(h->app.db, copy, &cli->fail));
	bool readings = has_readings(cli, str_of(h->app.data_dir));
	if (readings)
		TRY(copy_readings(cli, h->app.data_dir, arena_printf(cli->a, "%s/" READINGS_FILE, dir).p));
	TRY(verify_directory(cli, str_of(dir), &r));
	const char *with[] = { "tar", "-cf", part, "-C", dir, "bihuan.db", READINGS_FILE, "-C", h->app.data_dir, "files", NULL };
	const char *without[] = { "tar", "-cf", part, "-C", dir, "bihuan.db", "-C", h->app.data_dir, "files", NULL };
	TRY(tar(cli, readings ? with : without));
	TRY(sync_file(cli, part, ret_size));
	if (rename(part, file))
		return FAIL(&cli->fail, IO, "", "err.file", "path", file, "detail", strerror(errno));
	return ERR_OK;
}

static err back_up(struct cli *cli, const char *file, int64_t *ret_size)
{
	struct house *h;
	char *dir;
	TRY(house_open(cli, OPEN_AS_IS, &h));
	err e = stage(cli, file, &dir);
	if (e == ERR_OK) {
		e = write_archive(cli, h, dir, file, ret_size);
		remove_tree(dir);
	}
	house_close(h);
	return e;
}

enum exit_code cmd_backup(struct cli *cli)
{
	char bytes[24];
	int64_t size;
	if (cli->args.nrest != 1) {
		SAY(cli, "cli.backup.detail");
		return EXIT_USAGE;
	}
	const char *file = cli->args.rest[0].p;
	if (back_up(cli, file, &size) != ERR_OK)
		return cli_fail(cli);
	snprintf(bytes, sizeof bytes, "%ld", (long)size);
	if (cli->json)
		printf("{\"ok\":true,\"bytes\":%s}\n", bytes);
	SAY(cli, "cli.backup.done", "path", file, "bytes", bytes);
	return EXIT_OK;
}

/* ---- restore ---- */

static err set_aside(struct cli *cli, const char *dir)
{
	struct stat st;
	if (stat(dir, &st) != 0 || rmdir(dir) == 0)
		return ERR_OK;
	if (!args_has(&cli->args, "force"))
		return FAIL(&cli->fail, CONFLICT, "", "err.data_exists", "path", dir);
	for (int i = 1; i < 1000; i++) {
		const char *aside = arena_printf(cli->a, "%s.before-restore-%d", dir, i).p;
		if (access(aside, F_OK) != 0)
			return rename(dir, aside) == 0 ? ERR_OK :
				FAIL(&cli->fail, IO, "", "err.file", "path", dir, "detail", strerror(errno));
	}
	return FAIL(&cli->fail, CONFLICT, "", "err.data_exists", "path", dir);
}

static err unpack(struct cli *cli, const char *file, const char *dir, struct ledger_report *ret)
{
	const char *argv[] = { "tar", "-xf", file, "-C", dir, "--no-same-owner", "bihuan.db", "files", NULL };
	const char *readings[] = { "tar", "-xf", file, "-C", dir, "--no-same-owner", READINGS_FILE, NULL };
	int status;
	TRY(tar(cli, argv));
	TRY(program_run(readings, &status, &cli->fail)); /* archives of before there were readings have none */
	return verify_directory(cli, str_of(dir), ret);
}

static err bring_back(struct cli *cli, const char *file, struct ledger_report *ret)
{
	const char *target = arena_cstr(cli->a, cli->cfg.data);
	char *dir;
	if (access(file, R_OK))
		return FAIL(&cli->fail, NOT_FOUND, "", "err.file", "path", file, "detail", strerror(errno));
	TRY(stage(cli, target, &dir));
	err e = unpack(cli, file, dir, ret);
	if (e == ERR_OK)
		e = set_aside(cli, target);
	if (e == ERR_OK && rename(dir, target))
		e = FAIL(&cli->fail, IO, "", "err.file", "path", target, "detail", strerror(errno));
	if (e != ERR_OK)
		remove_tree(dir);
	return e;
}

enum exit_code cmd_restore(struct cli *cli)
{
	struct ledger_report r;
	char events[24];
	if (cli->args.nrest != 1) {
		SAY(cli, "cli.restore.detail");
		return EXIT_USAGE;
	}
	if (bring_back(cli, cli->args.rest[0].p, &r) != ERR_OK)
		return cli_fail(cli);
	snprintf(events, sizeof events, "%ld", (long)r.events);
	if (cli->json)
		printf("{\"ok\":true,\"events\":%s}\n", events);
	SAY(cli, "cli.restore.done", "path", cli->cfg.data.p, "events", events);
	return EXIT_OK;
}
