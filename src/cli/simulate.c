/* bihuan simulate hj212: devices that are none, for trials and measuring. Prints what was sent and heard as JSON. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "gateway/hj212/simulate.h"

static bool number(const struct cli *cli, const char *flag, double preset, double lo, double hi, double *ret)
{
	str s = args_value(&cli->args, flag);
	double v = preset;
	if (s.n && !str_to_f64(s, &v))
		return false;
	*ret = v;
	return v >= lo && v <= hi;
}

static bool faults(str s, int *ret)
{
	static const char *const names[] = { "crc", "late", "half", "junk" };
	str one;
	while (s.n && str_cut(&s, ',', &one)) {
		size_t i = 0;
		while (i < COUNT_OF(names) && !str_eq(one, str_of(names[i])))
			i++;
		if (i == COUNT_OF(names))
			return false;
		*ret |= 1 << i;
	}
	return true;
}

static bool read_flags(struct cli *cli, struct simulation *how)
{
	str to = args_value(&cli->args, "to"), prefix = args_value(&cli->args, "mn"), pw = args_value(&cli->args, "password");
	double devices, window, items, seed;
	const char *colon = to.n ? strrchr(arena_cstr(cli->a, to), ':') : NULL;
	if (!colon || !number(cli, "n", 1, 1, 20000, &devices) || !number(cli, "rate", 0, 0, 1e6, &how->rate) ||
	    !number(cli, "seconds", 10, 0, 86400, &how->seconds) || !number(cli, "window", 1, 1, 64, &window) ||
	    !number(cli, "items", 10, 1, 20, &items) || !number(cli, "seed", 1, 0, 1e6, &seed) ||
	    !faults(args_value(&cli->args, "faults"), &how->faults))
		return false;
	how->host = arena_cstr(cli->a, str_sub(to, 0, to.n - strlen(colon)));
	how->port = colon + 1;
	how->prefix = prefix.n ? prefix : S("SIM");
	how->password = pw.n ? pw : S("123456");
	how->devices = (int64_t)devices;
	how->window = (int64_t)window;
	how->items = (int64_t)items;
	how->seed = (uint64_t)seed;
	how->silent = args_has(&cli->args, "no-ack");
	return how->prefix.n <= 40 && how->password.n <= 64;
}

enum exit_code cmd_simulate(struct cli *cli)
{
	struct simulation how = { 0 };
	struct simulated r;
	if (cli->args.nrest != 1 || !str_eq(cli->args.rest[0], S("hj212")) || !read_flags(cli, &how)) {
		SAY(cli, "cli.simulate.detail");
		return EXIT_USAGE;
	}
	if (simulate(&how, &r, &cli->fail) != ERR_OK)
		return cli_fail(cli);
	printf("{\"devices\":%lld,\"connected\":%lld,\"failed\":%lld,\"closed\":%lld,\"sent\":%lld,\"faulty\":%lld,\"readings\":%lld,"
	       "\"expected\":%lld,\"acknowledged\":%lld,\"lost\":%lld,\"unasked\":%lld,\"commands\":%lld,\"seconds\":%.3f,"
	       "\"latency_ms_p50\":%.1f,\"latency_ms_p99\":%.1f}\n",
	       (long long)how.devices, (long long)r.connected, (long long)r.failed, (long long)r.closed, (long long)r.sent, (long long)r.faulty,
	       (long long)r.readings, (long long)r.expected, (long long)r.acknowledged, (long long)(r.expected - r.acknowledged),
	       (long long)r.unasked, (long long)r.commands, r.seconds, (double)r.latency_us_p50 / 1000, (double)r.latency_us_p99 / 1000);
	return EXIT_OK;
}
