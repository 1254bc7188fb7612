/* PDF through the program pdftotext: its library is under a licence that is not linked here. */
#include "base/utf8.h"
#include "format/child.h"
#include "format/doc_build.h"

static err refuse(const struct doc_build *b, str bytes, const struct child_result *r, struct fail *f)
{
	if (r->end == CHILD_TIMEOUT)
		return FAIL(f, TOO_LARGE, "", "err.pdf_timeout");
	if (r->end == CHILD_TOO_MUCH)
		return refuse_size(f, "err.doc_text_too_large", b->lim->max_text);
	if (r->end == CHILD_KILLED)
		return FAIL(f, TOO_LARGE, "", "err.pdf_killed");
	if (str_find(bytes, S("/Encrypt")) >= 0)
		return FAIL(f, BAD_FORMAT, "", "err.pdf_encrypted");
	return FAIL(f, BAD_FORMAT, "", "err.pdf_broken");
}

err pdf_read(struct doc_build *b, str bytes, struct fail *f)
{
	const char *const argv[] = { b->lim->pdftotext, "-q", "-enc", "UTF-8", "-eol", "unix", "-", "-", NULL };
	struct child_limits lim = {
		.cpu_seconds = b->lim->pdf_seconds,
		.wall_seconds = b->lim->pdf_seconds * 3,
		.memory = b->lim->pdf_memory,
		.max_output = b->lim->max_text,
	};
	struct child_result r;
	TRY(child_filter(b->a, argv, bytes, &lim, &r, f));
	if (r.end != CHILD_EXITED || r.status != 0)
		return refuse(b, bytes, &r, f);
	if (!utf8_valid(r.output))
		return FAIL(f, BAD_FORMAT, "", "err.pdf_broken");
	pdf_flow(b, r.output);
	if (str_trim(buf_str(&b->text)).n == 0)
		return FAIL(f, BAD_FORMAT, "", "err.pdf_no_text");
	return doc_build_check(b, f);
}
