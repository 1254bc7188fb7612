/* An uploaded body goes to a temporary file and through SHA-256 as it arrives. */
#include "http/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool disk_full(int e)
{
	return e == ENOSPC || e == EDQUOT || e == EFBIG;
}

static void refuse_io(struct exchange *x)
{
	struct fail *f = &x->rq.cx.fail;
	x->result = disk_full(errno) ? FAIL(f, DISK_FULL, "", NULL) :
				       FAIL(f, IO, "", "err.io", "why", strerror(errno));
	temp_drop(x);
}

static bool temp_open(struct exchange *x)
{
	struct temp_file *t = &x->temp;
	t->path = arena_cstr(x->a, arena_printf(x->a, "%s/upload-XXXXXX", x->h->o.tmp_dir));
	t->fd = mkostemp(t->path, O_CLOEXEC);
	if (t->fd < 0) {
		t->path = NULL;
		refuse_io(x);
		return false;
	}
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	t->hash = md;
	if (!md || EVP_DigestInit_ex(md, EVP_sha256(), NULL) != 1) {
		x->result = FAIL(&x->rq.cx.fail, INTERNAL, "", NULL);
		temp_drop(x);
		return false;
	}
	return true;
}

void temp_write(struct exchange *x, const char *p, size_t n)
{
	struct temp_file *t = &x->temp;
	if (t->fd < 0 && !temp_open(x))
		return;
	int64_t max = request_max_upload(x);
	if ((int64_t)n > max - t->size) {
		x->result = request_too_large(x, max);
		temp_drop(x);
		return;
	}
	if (EVP_DigestUpdate(t->hash, p, n) != 1) {
		x->result = FAIL(&x->rq.cx.fail, INTERNAL, "", NULL);
		temp_drop(x);
		return;
	}
	t->size += (int64_t)n;
	while (n) {
		ssize_t k = write(t->fd, p, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0) {
			refuse_io(x);
			return;
		}
		p += k;
		n -= (size_t)k;
	}
}

err temp_finish(struct exchange *x)
{
	struct temp_file *t = &x->temp;
	if (t->fd < 0 && !temp_open(x))
		return x->result;
	if (close(t->fd) != 0) {
		t->fd = -1;
		refuse_io(x);
		return x->result;
	}
	t->fd = -1;
	if (EVP_DigestFinal_ex(t->hash, x->rq.upload.sha256, NULL) != 1)
		return FAIL(&x->rq.cx.fail, INTERNAL, "", NULL);
	x->rq.upload.path = t->path;
	x->rq.upload.size = t->size;
	return ERR_OK;
}

void temp_drop(struct exchange *x)
{
	struct temp_file *t = &x->temp;
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	if (t->path)
		unlink(t->path); /* a handler may have moved it away */
	t->path = NULL;
	EVP_MD_CTX_free(t->hash);
	t->hash = NULL;
}
