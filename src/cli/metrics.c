#include "cli/metrics.h"

#include <dirent.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/house_sql.h"
#include "gateway/hj212/server.h"
#include "gateway/mqtt/mqtt.h"
#include "http/http.h"
#include "sense/alarm.h"
#include "sense/derive.h"
#include "sense/series.h"

static void put_value(struct buf *b, double v)
{
	if (isnan(v))
		buf_put(b, S("NaN"));
	else if (v == floor(v) && fabs(v) < 1e15)
		buf_printf(b, "%" PRId64, (int64_t)v);
	else
		buf_printf(b, "%.17g", v);
}

void metrics_put(struct buf *b, const struct metric *m, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || strcmp(m[i].name, m[i - 1].name) != 0)
			buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", m[i].name, m[i].help, m[i].name,
				   m[i].type == METRIC_GAUGE ? "gauge" : "counter");
		buf_put(b, str_of(m[i].name));
		if (m[i].label)
			buf_printf(b, "{%s=\"%s\"}", m[i].label, m[i].value);
		buf_put(b, S(" "));
		put_value(b, m[i].v);
		buf_put(b, S("\n"));
	}
}

#define HELD(what, v) { "bihuan_held", "What is kept in memory, by what it is; it grows with devices and stations, not with packets.", "what", what, METRIC_GAUGE, (double)(v) }
#define COUNTER(name, help, v) { name, help, NULL, NULL, METRIC_COUNTER, (double)(v) }
#define GAUGE(name, help, v) { name, help, NULL, NULL, METRIC_GAUGE, (double)(v) }
#define OF(name, help, label, value, v) { name, help, label, value, METRIC_COUNTER, (double)(v) }

/* One histogram: cumulative counts by bound, the sum and the count. */
static void put_histogram(struct buf *b, const char *name, const char *help, const int64_t *bounds_us, const int64_t *in_bucket, size_t n,
			  double sum)
{
	int64_t all = 0;
	buf_printf(b, "# HELP %s %s\n# TYPE %s histogram\n", name, help, name);
	for (size_t i = 0; i < n; i++) {
		all += in_bucket[i];
		if (i + 1 < n)
			buf_printf(b, "%s_bucket{le=\"%g\"} %" PRId64 "\n", name, (double)bounds_us[i] / 1e6, all);
		else
			buf_printf(b, "%s_bucket{le=\"+Inf\"} %" PRId64 "\n", name, all);
	}
	buf_printf(b, "%s_sum %.17g\n%s_count %" PRId64 "\n", name, sum, name, all);
}

/* ---- the server and the store ---- */

static void put_http(struct buf *b, const struct app *app)
{
	static const char help[] = "Answers by class of status.";
	struct http_stats h = http_stats(app->http);
	const struct metric m[] = {
		OF("bihuan_http_responses_total", help, "class", "1xx", h.by_class[1]),
		OF("bihuan_http_responses_total", help, "class", "2xx", h.by_class[2]),
		OF("bihuan_http_responses_total", help, "class", "3xx", h.by_class[3]),
		OF("bihuan_http_responses_total", help, "class", "4xx", h.by_class[4]),
		OF("bihuan_http_responses_total", help, "class", "5xx", h.by_class[5]),
		COUNTER("bihuan_http_requests_total", "Requests since start.", h.requests),
		GAUGE("bihuan_http_in_flight", "Requests under way.", h.in_flight),
		GAUGE("bihuan_http_queued", "Slow requests that wait for a worker.", h.queued),
		GAUGE("bihuan_http_subscribers", "Open streams of events.", h.subscribers),
	};
	metrics_put(b, m, COUNT_OF(m));
	put_histogram(b, "bihuan_http_request_duration_seconds", "Time from a request to its answer.", http_duration_us, h.by_duration,
		      HTTP_DURATIONS, (double)h.duration_us_sum / 1e6);
}

static void put_store(struct buf *b, const struct app *app)
{
	struct db_stats d = db_stats(app->db);
	const struct metric m[] = {
		COUNTER("bihuan_store_commits_total", "Durable commits.", d.commits),
		COUNTER("bihuan_store_acts_total", "Acts, several of which may share a commit.", d.jobs),
		COUNTER("bihuan_store_refused_total", "Acts that were refused or failed.", d.failed),
		COUNTER("bihuan_store_retries_total", "Acts tried again alone.", d.retries),
	};
	metrics_put(b, m, COUNT_OF(m));
}

/* Those that have not run out; NaN when the store does not say. */
static double live_sessions(struct arena *a, const struct app *app)
{
	struct db_conn *c;
	struct fail f = { 0 };
	struct house_sessions_row row;
	double out = NAN;
	if (db_read_begin(app->db, &c, &f) != ERR_OK)
		return out;
	if (house_sessions(c, a, &(struct house_sessions_params){ clock_now_ms(app->clock) }, &row) == ERR_OK)
		out = (double)row.n;
	db_read_end(app->db, c);
	return out;
}

static void put_sessions(struct buf *b, const struct app *app)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	const struct metric m[] = { GAUGE("bihuan_sessions", "Sessions that have not run out.", live_sessions(a, app)) };
	metrics_put(b, m, COUNT_OF(m));
}

/* ---- sensing ---- */

static void put_series(struct buf *b, const struct app *app)
{
	static const char again[] = "Readings that were there already: equal, replaced by better ones, kept as they were.";
	if (!app->series)
		return;
	struct series_stats s = series_stats(app->series);
	const struct metric m[] = {
		COUNTER("bihuan_series_packets_total", "Packets put into the store of readings.", s.put.packets),
		COUNTER("bihuan_series_readings_total", "Readings put into the store of readings.", s.put.readings),
		OF("bihuan_series_again_total", again, "what", "same", s.put.same),
		OF("bihuan_series_again_total", again, "what", "better", s.put.better),
		OF("bihuan_series_again_total", again, "what", "worse", s.put.worse),
		COUNTER("bihuan_series_late_total", "Readings whose hour or day had ended when they came.", s.put.late),
		COUNTER("bihuan_series_commits_total", "Durable commits of the store of readings.", s.commits),
		GAUGE("bihuan_series_newest_timestamp_seconds", "Time of the newest reading.", (double)s.newest_ms / 1000),
		GAUGE("bihuan_series_received_timestamp_seconds", "When a reading was received last.", (double)s.received_ms / 1000),
		COUNTER("bihuan_series_packs_total", "Spans of rows that were made into columns.", s.packs),
		COUNTER("bihuan_series_pack_failures_total", "Times that rows could not be made into columns.", s.pack_failures),
		GAUGE("bihuan_series_packed_timestamp_seconds", "When all that could be packed was.", (double)s.packed_ms / 1000),
	};
	metrics_put(b, m, COUNT_OF(m));
}

static void put_mqtt(struct buf *b, const struct app *app)
{
	if (!app->mqtt)
		return;
	struct mqtt_stats s = mqtt_stats(app->mqtt);
	const struct metric m[] = {
#define X(name) OF("bihuan_mqtt_events_total", "What the broker sent and what became of it.", "what", #name, s.counts.name),
		MQTT_COUNTS(X)
#undef X
		GAUGE("bihuan_mqtt_connected", "Is the broker connected?", s.connected),
	};
	metrics_put(b, m, COUNT_OF(m));
}

static void put_gateway(struct buf *b, const struct app *app)
{
	static const char closed[] = "Connections of devices closed by the gateway, by reason.";
	if (!app->hj212)
		return;
	struct hj212_stats s = hj212_stats(app->hj212);
	const struct metric m[] = {
#define X(name) OF("bihuan_hj212_events_total", "What devices sent and what was wrong with it.", "what", #name, s.counts.name),
		HJ212_COUNTS(X)
#undef X
		OF("bihuan_hj212_closed_total", closed, "reason", "idle", s.closed_idle),
		OF("bihuan_hj212_closed_total", closed, "reason", "partial", s.closed_partial),
		OF("bihuan_hj212_closed_total", closed, "reason", "junk", s.closed_junk),
		OF("bihuan_hj212_closed_total", closed, "reason", "slow", s.closed_slow),
		GAUGE("bihuan_hj212_connections", "Connected devices.", s.connections),
		COUNTER("bihuan_hj212_accepted_total", "Connections taken.", s.accepted),
		COUNTER("bihuan_hj212_refused_total", "Connections refused, more than allowed.", s.refused),
		COUNTER("bihuan_hj212_junk_bytes_total", "Bytes outside any frame.", s.junk_bytes),
		COUNTER("bihuan_hj212_batches_total", "Batches given to the store of readings.", s.batches),
		COUNTER("bihuan_hj212_failed_batches_total", "Batches that could not be stored.", s.failed_batches),
	};
	metrics_put(b, m, COUNT_OF(m));
}

static void put_alarms(struct buf *b, const struct app *app)
{
	static const char help[] = "What alarms founded.";
	struct alarm_counts c = alarms_counts(app->alarms);
	const struct metric m[] = {
		COUNTER("bihuan_alarm_looks_total", "Looks at all stations.", c.looks),
		COUNTER("bihuan_alarm_columns_total", "Columns held against a rule.", c.columns),
		COUNTER("bihuan_alarm_values_total", "Values that a rule was held against.", c.values),
		COUNTER("bihuan_alarm_raised_total", "Alarms raised.", c.raised),
		COUNTER("bihuan_alarm_ended_total", "Episodes that ended.", c.ended),
		COUNTER("bihuan_alarm_withdrawn_total", "Alarms withdrawn because their values were corrected.", c.withdrawn),
		OF("bihuan_alarm_founded_total", help, "kind", "exceedance", c.matters),
		OF("bihuan_alarm_founded_total", help, "kind", "check", c.checks),
		COUNTER("bihuan_alarm_failed_total", "Alarms that could not be written.", c.failed),
		GAUGE("bihuan_alarm_last_look_timestamp_seconds", "When all stations were looked at last.", (double)c.last_look_ms / 1000),
	};
	metrics_put(b, m, COUNT_OF(m));
}

static void put_readings(struct buf *b, const struct app *app)
{
	static const char help[] = "Columns of readings dropped because their time was over, by kind.";
	struct metric m[SERIES_KIND_COUNT + 2];
	size_t n = 0;
	if (!app->series)
		return;
	struct series_tended t = series_tended_so_far(app->series);
	for (int k = 0; k < SERIES_KIND_COUNT; k++)
		m[n++] = (struct metric)OF("bihuan_readings_dropped_columns_total", help, "kind", series_kind_name((enum series_kind)k), t.dropped[k]);
	m[n++] = (struct metric)COUNTER("bihuan_readings_dropped_replaced_total", "Replaced values dropped because their time was over.", t.history);
	m[n++] = (struct metric)COUNTER("bihuan_readings_tidy_failed_total", "Times that packing or dropping failed.", t.failed);
	metrics_put(b, m, n);
}

static void put_held(struct buf *b, const struct app *app)
{
	if (!app->series)
		return;
	struct alarm_counts c = alarms_counts(app->alarms);
	const struct metric m[] = {
		HELD("newest", series_stats(app->series).held),
		HELD("periods", derive_held(app->derive)),
		HELD("marks", c.marks),
		HELD("states", c.states),
		HELD("devices", app->hj212 ? hj212_stats(app->hj212).devices : 0),
	};
	metrics_put(b, m, COUNT_OF(m));
}

/* ---- the process ---- */

static double resident_bytes(void)
{
	long long size = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "r");
	if (!f)
		return NAN;
	int n = fscanf(f, "%lld %lld", &size, &resident);
	fclose(f);
	return n == 2 ? (double)resident * (double)sysconf(_SC_PAGESIZE) : NAN;
}

static double open_files(void)
{
	DIR *d = opendir("/proc/self/fd");
	double n = -3; /* ".", ".." and the one that looks */
	if (!d)
		return NAN;
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

/* Field 22 of /proc/self/stat, in ticks since the machine started; the name before it may hold anything. */
static double start_seconds(void)
{
	char text[1024];
	struct timespec now, up;
	unsigned long long ticks = 0;
	FILE *f = fopen("/proc/self/stat", "r");
	size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
	if (f)
		fclose(f);
	text[n] = 0;
	const char *p = strrchr(text, ')');
	for (int field = 2; p && field < 22; field++)
		p = strchr(p + 1, ' ');
	if (!p || sscanf(p, " %llu", &ticks) != 1)
		return NAN;
	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_BOOTTIME, &up);
	return (double)(now.tv_sec - up.tv_sec) + (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

static void put_process(struct buf *b)
{
	struct timespec cpu;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	const struct metric m[] = {
		COUNTER("process_cpu_seconds_total", "Processor time used.", (double)cpu.tv_sec + (double)cpu.tv_nsec / 1e9),
		GAUGE("process_resident_memory_bytes", "Memory in use.", resident_bytes()),
		GAUGE("process_open_fds", "Open files and sockets.", open_files()),
		GAUGE("process_start_time_seconds", "Start of the process since the epoch.", start_seconds()),
	};
	metrics_put(b, m, COUNT_OF(m));
}

void metrics_text(struct buf *b, const struct app *app)
{
	put_http(b, app);
	put_store(b, app);
	put_sessions(b, app);
	put_series(b, app);
	put_alarms(b, app);
	put_gateway(b, app);
	put_mqtt(b, app);
	put_readings(b, app);
	put_held(b, app);
	put_process(b);
}
