#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static err io_fail(struct fail *f, const char *path)
{
	err code = errno == ENOSPC || errno == EDQUOT ? ERR_DISK_FULL : errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
	return fail_set(f, code, __FILE__, __LINE__, "", "err.file", "path", path, "detail", strerror(errno), NULL);
}

static err read_all(int fd, const char *path, char *p, size_t n, struct fail *f)
{
	for (size_t got = 0; got < n;) {
		ssize_t k = read(fd, p + got, n - got);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return io_fail(f, path);
		got += (size_t)k;
	}
	return ERR_OK;
}

err file_read(struct arena *a, const char *path, size_t max, str *ret, struct fail *f)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return io_fail(f, path);
	err e = ERR_OK;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		e = FAIL(f, BAD_INPUT, "", "err.not_a_file", "path", path);
	else if ((size_t)st.st_size > max)
		e = FAIL(f, TOO_LARGE, "", "err.too_large");
	if (e == ERR_OK) {
		char *p = arena_raw(a, (size_t)st.st_size + 1);
		p[st.st_size] = 0;
		e = read_all(fd, path, p, (size_t)st.st_size, f);
		if (e == ERR_OK)
			*ret = (str){ p, (size_t)st.st_size };
	}
	close(fd);
	return e;
}

bool file_write_all(int fd, str bytes)
{
	while (bytes.n) {
		ssize_t k = write(fd, bytes.p, bytes.n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return false;
		bytes = str_sub(bytes, (size_t)k, bytes.n);
	}
	return true;
}

err file_write(const char *path, str bytes, struct fail *f)
{
	char tmp[4096];
	if (snprintf(tmp, sizeof tmp, "%s.part", path) >= (int)sizeof tmp)
		return FAIL(f, BAD_INPUT, "", "err.file", "path", path, "detail", "name too long");
	int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (fd < 0)
		return io_fail(f, tmp);
	bool ok = file_write_all(fd, bytes) && fsync(fd) == 0;
	err e = ok ? ERR_OK : io_fail(f, tmp);
	close(fd);
	if (e == ERR_OK && rename(tmp, path))
		e = io_fail(f, path);
	if (e != ERR_OK)
		unlink(tmp);
	return e;
}
