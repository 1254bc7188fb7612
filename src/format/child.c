#include "format/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

struct child {
	pid_t pid;
	int in, out; /* our ends; -1 when closed */
	str input;   /* what is still to be written */
	struct buf output;
	int64_t deadline_us;
};

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Sockets, not pipes: a send() can be told not to raise SIGPIPE when the program has gone. */
static err open_ends(int in[2], int out[2], struct fail *f)
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) < 0)
		return FAIL(f, IO, "", "err.io");
	if (pipe2(out, O_CLOEXEC) < 0) {
		shut(&in[0]);
		shut(&in[1]);
		return FAIL(f, IO, "", "err.io");
	}
	fcntl(in[0], F_SETFL, O_NONBLOCK);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	return ERR_OK;
}

static int spawn(const char *const *argv, int in, int out, pid_t *ret)
{
	static char locale[] = "LC_ALL=C.UTF-8";
	char *const env[] = { locale, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, usual;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
	posix_spawnattr_init(&attr);
	sigemptyset(&none);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	sigaddset(&usual, SIGTERM);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &usual);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	int e = posix_spawnp(ret, argv[0], &files, &attr, (char *const *)(uintptr_t)argv, env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return e;
}

/* The program waits for its input meanwhile, so nothing of the sender's runs without these. */
static void confine(pid_t pid, const struct child_limits *lim)
{
	struct rlimit cpu = { lim->cpu_seconds, lim->cpu_seconds + 1 };
	struct rlimit memory = { lim->memory, lim->memory };
	struct rlimit file = { lim->max_output, lim->max_output };
	struct rlimit none = { 0, 0 };
	prlimit(pid, RLIMIT_CPU, &cpu, NULL);
	prlimit(pid, RLIMIT_AS, &memory, NULL);
	prlimit(pid, RLIMIT_FSIZE, &file, NULL);
	prlimit(pid, RLIMIT_CORE, &none, NULL);
}

static void give(struct child *c)
{
	ssize_t n = send(c->in, c->input.p, c->input.n, MSG_NOSIGNAL);
	if (n > 0)
		c->input = str_sub(c->input, (size_t)n, c->input.n);
	else if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0 || c->input.n == 0)
		shut(&c->in);
}

static void take(struct child *c)
{
	buf_reserve(&c->output, 64 << 10);
	ssize_t n = read(c->out, c->output.p + c->output.n, c->output.cap - c->output.n);
	if (n > 0)
		c->output.n += (size_t)n;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		shut(&c->out);
}

/* Until the program closes its output. */
static enum child_end converse(struct child *c, const struct child_limits *lim)
{
	while (c->out >= 0) {
		int64_t left_ms = (c->deadline_us - clock_monotonic_us()) / 1000;
		struct pollfd fds[2] = { { c->out, POLLIN, 0 }, { c->in, POLLOUT, 0 } };
		if (left_ms <= 0)
			return CHILD_TIMEOUT;
		if (poll(fds, c->in >= 0 ? 2 : 1, (int)left_ms) <= 0)
			continue;
		if (fds[0].revents)
			take(c);
		if (c->in >= 0 && fds[1].revents)
			give(c);
		if (c->output.n > lim->max_output)
			return CHILD_TOO_MUCH;
	}
	return CHILD_EXITED;
}

static void finish(struct child *c, struct child_result *r)
{
	int status = 0;
	pid_t got;
	shut(&c->in);
	shut(&c->out);
	if (r->end != CHILD_EXITED)
		kill(c->pid, SIGKILL);
	while ((got = waitpid(c->pid, &status, 0)) < 0 && errno == EINTR)
		;
	r->output = buf_str(&c->output);
	if (r->end != CHILD_EXITED)
		return;
	if (got == c->pid && WIFEXITED(status))
		r->status = WEXITSTATUS(status);
	else
		r->end = CHILD_KILLED;
}

err child_filter(struct arena *a, const char *const *argv, str input, const struct child_limits *lim,
		 struct child_result *ret, struct fail *f)
{
	int in[2], out[2];
	struct child c = { .input = input, .output = BUF(a) };
	struct child_result r = { 0 };
	TRY(open_ends(in, out, f));
	int e = spawn(argv, in[1], out[1], &c.pid);
	shut(&in[1]);
	shut(&out[1]);
	c.in = in[0];
	c.out = out[0];
	if (e) {
		shut(&c.in);
		shut(&c.out);
		if (e == ENOENT || e == EACCES)
			return FAIL(f, MISSING_TOOL, "", "err.missing_program", "program", argv[0]);
		return FAIL(f, IO, "", "err.io");
	}
	confine(c.pid, lim);
	c.deadline_us = clock_monotonic_us() + (int64_t)lim->wall_seconds * 1000000;
	r.end = converse(&c, lim);
	finish(&c, &r);
	*ret = r;
	return ERR_OK;
}
