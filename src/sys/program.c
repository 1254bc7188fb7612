#include "sys/program.h"

#include <errno.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

err program_run(const char *const *argv, int *ret_status, struct fail *f)
{
	pid_t pid;
	int status;
	/* posix_spawnp takes char *const * but does not write through it. */
	int rc = posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)(uintptr_t)argv, environ);
	if (rc == ENOENT)
		return FAIL(f, MISSING_TOOL, "", "err.missing_tool", "tool", argv[0]);
	if (rc)
		return FAIL(f, IO, "", "err.file", "path", argv[0], "detail", strerror(rc));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return FAIL(f, IO, "", "err.file", "path", argv[0], "detail", strerror(errno));
	*ret_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return ERR_OK;
}
