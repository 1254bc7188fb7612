/* Issuing: the number, the bytes, the record. Two transactions with the setting of the type between them, so that
 * the writer does not wait for it; the number that was taken stays with the paper if the second one fails. */
#include "core/app.h"
#include "core/canon.h"
#include "core/evidence.h"
#include "core/ledger.h"
#include "core/session.h"
#include "loop/notice_facts.h"
#include "loop/notice_step.h"

/* ---- issuing ---- */

struct issuing {
	struct ctx *cx;
	int64_t id, ver;
	str reason;
	struct notice n;
	str content, pdf, docx, pdf_hash, docx_hash;
};

static err letters_of(struct ctx *cx, const struct notice *n, str *ret)
{
	struct notice_letters_row row;
	struct notice_org_row org;
	err e = notice_letters(cx->c, cx->a, &(struct notice_letters_params){ n->row.org_region, n->row.org }, &row);
	if (e == ERR_NOT_FOUND) { /* the unit's own name will do until it has letters */
		TRY(notice_org(cx->c, cx->a, &(struct notice_org_params){ n->row.org }, &org));
		*ret = org.name;
		return ERR_OK;
	}
	TRY(e);
	*ret = row.letters;
	return ERR_OK;
}

/* First transaction: the number. It stays with the paper whatever happens afterwards. */
static err take_number(struct req *rq, void *arg)
{
	struct issuing *is = arg;
	struct ctx *cx = &rq->cx;
	struct notice_next_number_row next;
	struct canon c;
	int year, month, day;
	str letters;
	TRY(notice_take(cx, is->id, is->ver, "drafted issued served acknowledged", &is->n));
	if (is->n.row.version && !str_trim(is->reason).n)
		return FAIL(&cx->fail, BAD_FIELD, "/reason", "err.notice.reissue");
	if (is->n.row.number.n)
		return ERR_OK;
	date_to_ymd(china_day(cx->now_ms), &year, &month, &day);
	TRY(letters_of(cx, &is->n, &letters));
	TRY(notice_next_number(cx->c, cx->a, &(struct notice_next_number_params){ is->n.row.org_region, is->n.row.org, is->n.t.number,
										   year }, &next));
	is->n.row.number = notice_number_text(cx->a, &is->n.rules, is->n.t.number, letters, year, next.last);
	notice_note(&c, cx, &is->n);
	TRY(notice_note_end(&c, cx, &is->n, "notice.number"));
	return notice_number(cx->c, &(struct notice_number_params){ is->n.row.region, is->id, is->n.row.number }, NULL);
}

/* Between the transactions: what the paper says, from one snapshot. The term runs from today, if from issuing. */
static err read_paper(struct req *rq, void *arg)
{
	struct issuing *is = arg;
	struct paper p;
	struct notice n = is->n;
	n.row.issued_ms = rq->cx.now_ms;
	n.row.served_ms = DB_NONE;
	TRY(notice_paper(&rq->cx, &n, is->n.row.number, china_day(rq->cx.now_ms), &p));
	is->content = notice_paper_json(rq->a, &p);
	TRY(paper_pdf(rq->a, &p, &is->pdf, &rq->cx.fail));
	TRY(paper_docx(rq->a, &p, &is->docx, &rq->cx.fail));
	is->pdf_hash = notice_hash(&rq->cx, is->pdf);
	is->docx_hash = notice_hash(&rq->cx, is->docx);
	return ERR_OK;
}

/* Second transaction: issued, if nobody touched it meanwhile. */
static err record(struct req *rq, void *arg)
{
	struct issuing *is = arg;
	struct ctx *cx = &rq->cx;
	struct notice n;
	struct canon c;
	int64_t changed;
	TRY(notice_take(cx, is->id, is->ver, "drafted issued served acknowledged", &n));
	int64_t version = n.row.version + 1;
	notice_note(&c, cx, &n);
	canon_i64(&c, "version", version);
	canon_str(&c, "pdf", is->pdf_hash);
	canon_str(&c, "docx", is->docx_hash);
	canon_str(&c, "content", notice_hash(cx, is->content));
	TRY(notice_note_end(&c, cx, &n, version == 1 ? "notice.issue" : "notice.reissue"));
	TRY(notice_version_insert(cx->c, &(struct notice_version_insert_params){
		.region = n.row.region, .notice = is->id, .version = version, .content = is->content, .pdf_hash = is->pdf_hash,
		.pdf_size = (int64_t)is->pdf.n, .docx_hash = is->docx_hash, .docx_size = (int64_t)is->docx.n,
		.reason = is->reason, .issued_ms = cx->now_ms, .account = cx_account(cx) }, NULL));
	TRY(notice_issued(cx->c, &(struct notice_issued_params){ .region = n.row.region, .id = is->id, .ver = is->ver,
		.version = version, .issued_ms = cx->now_ms, .issuer = cx_account(cx), .reason = is->reason }, &changed));
	return notice_changed(cx, &n, changed);
}

err notice_issue(struct req *rq, int64_t id, int64_t ver, str reason)
{
	struct issuing *is = NEW(rq->a, struct issuing);
	*is = (struct issuing){ .id = id, .ver = ver, .reason = reason.p ? reason : S("") };
	TRY(session_write(rq, take_number, is));
	TRY(session_read(rq, read_paper, is));
	TRY(evidence_store(rq->cx.app, is->pdf, is->pdf_hash, &rq->cx.fail));
	TRY(evidence_store(rq->cx.app, is->docx, is->docx_hash, &rq->cx.fail));
	return session_write(rq, record, is);
}

/* ---- a unit's letters ---- */

err notice_put_letters(struct ctx *cx, int64_t org, str letters, str contact)
{
	struct notice_org_row row;
	struct notice_letters_of_rows same;
	struct canon c;
	err e = notice_org(cx->c, cx->a, &(struct notice_org_params){ org }, &row);
	if (e == ERR_NOT_FOUND || (e == ERR_OK && !cx_in_region(cx, S("org.write"), row.region)))
		return FAIL(&cx->fail, NOT_FOUND, "", NULL);
	TRY(e);
	letters = str_trim(letters);
	if (notice_has_mobile(contact))
		return FAIL(&cx->fail, BAD_FIELD, "/contact", "err.notice.mobile");
	TRY(notice_letters_of(cx->c, cx->a, &(struct notice_letters_of_params){ row.region, letters }, &same));
	for (size_t i = 0; i < same.n; i++)
		if (same.v[i].org != org)
			return FAIL(&cx->fail, CONFLICT, "/letters", "err.notice.letters", "letters", arena_cstr(cx->a, letters));
	canon_begin(&c, cx->a);
	canon_str(&c, "letters", letters);
	TRY(ledger_append(cx, row.region, "notice.letters", ledger_subject(cx, "org", org), canon_end(&c), NULL));
	return notice_letters_put(cx->c, &(struct notice_letters_put_params){ row.region, org, letters, S(""), str_trim(contact) },
				  NULL);
}
