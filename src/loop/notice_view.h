/* Papers as the page sees them. */
#ifndef BH_LOOP_NOTICE_VIEW_H
#define BH_LOOP_NOTICE_VIEW_H

#include "loop/matter_view.h"
#include "loop/notice.h"

#define NOTICE_CELL(F, O, L) F(STR, text, OPT, .max = 60000)
JSON_STRUCT(notice_cell, NOTICE_CELL)

#define NOTICE_BLOCK_OUT(F, O, L)                                                                  \
	F(ENUM, kind, REQ, .options = "title|number|to|heading|body|plain|right|note|table")       \
	F(STR, text, OPT, .max = 60000)                                                            \
	F(I64, columns, REQ, .min = 0, .max = 12)                                                  \
	L(notice_cell, cells, REQ, .max = 400)
JSON_STRUCT(notice_block_out, NOTICE_BLOCK_OUT)

/* The paper itself: paragraphs and tables in order; at_ms is the day on its face. */
#define NOTICE_PAPER_OUT(F, O, L)                                                                  \
	F(ENUM, lang, REQ, .options = "zh-CN|en")                                                  \
	F(STR, title, REQ)                                                                         \
	F(STR, issuer, OPT)                                                                        \
	F(I64, at_ms, REQ)                                                                         \
	F(STR, head, OPT)                                                                          \
	F(BOOL, draft, REQ)                                                                        \
	L(notice_block_out, blocks, REQ, .max = 2000)                                              \
	F(STR, address, OPT, .max = 1000)                                                          \
	F(STR, address_note, OPT)
JSON_STRUCT(notice_paper_out, NOTICE_PAPER_OUT)
void notice_paper_view(struct arena *a, const struct paper *p, struct notice_paper_out *ret);

#define NOTICE_ORG(F, O, L)                                                                        \
	F(ID, org, NUL)                                                                            \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)
JSON_STRUCT(notice_org, NOTICE_ORG)

#define NOTICE_SERVED(F, O, L)                                                                     \
	F(I64, at_ms, REQ)                                                                         \
	F(STR, method, REQ)                                                                        \
	F(STR, method_zh, REQ)                                                                     \
	F(STR, method_en, REQ)                                                                     \
	F(STR, receiver, REQ)                                                                      \
	F(BOOL, refused, REQ)                                                                      \
	F(STR, note, REQ, .max = 2000)                                                             \
	F(IDS, files, REQ)                                                                         \
	F(STR, by, REQ)
JSON_STRUCT(notice_served_out, NOTICE_SERVED)

#define NOTICE_ACK(F, O, L)                                                                        \
	F(I64, at_ms, REQ)                                                                         \
	F(ENUM, how, REQ, .options = "account|recorded")                                           \
	F(STR, text, REQ, .max = 2000)                                                             \
	F(IDS, files, REQ)                                                                         \
	F(STR, by, REQ)
JSON_STRUCT(notice_ack_out, NOTICE_ACK)

#define NOTICE_VERSION(F, O, L)                                                                    \
	F(I64, version, REQ)                                                                       \
	F(I64, issued_ms, REQ)                                                                     \
	F(STR, pdf_hash, REQ)                                                                      \
	F(I64, pdf_size, REQ)                                                                      \
	F(STR, docx_hash, REQ)                                                                     \
	F(I64, docx_size, REQ)                                                                     \
	F(STR, reason, REQ, .max = 2000)
JSON_STRUCT(notice_version_out, NOTICE_VERSION)

/* `can`: edit, issue, serve, acknowledge, withdraw: what the caller may do now. `due` is the last day of
 * the ordered time, null while its clock has not started. */
#define NOTICE_OUT(F, O, L)                                                                        \
	F(ID, id, REQ)                                                                             \
	F(ID, matter, REQ)                                                                         \
	F(STR, region, REQ, .format = "region")                                                    \
	F(STR, template, REQ)                                                                      \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(ENUM, lang, REQ, .options = "zh-CN|en")                                                  \
	F(ENUM, state, REQ, .options = "drafted|issued|served|acknowledged|withdrawn")             \
	F(STR, number, NUL)                                                                        \
	F(I64, version, REQ)                                                                       \
	O(notice_org, issuer, REQ)                                                                 \
	O(notice_org, addressee, REQ)                                                              \
	F(I64, days, NUL)                                                                          \
	F(STR, unit, REQ)                                                                          \
	F(STR, clock, REQ)                                                                         \
	F(STR, deadline, REQ)                                                                      \
	F(DATE, due, NUL)                                                                          \
	F(BOOL, ack, REQ)                                                                          \
	L(notice_value, fields, REQ)                                                               \
	F(STR, address, REQ, .max = 1000)                                                          \
	F(I64, drafted_ms, REQ)                                                                    \
	F(STR, drafter, REQ)                                                                       \
	F(I64, issued_ms, NUL)                                                                     \
	F(STR, issued_by, REQ)                                                                     \
	O(notice_served_out, served, NUL)                                                          \
	O(notice_ack_out, acknowledged, NUL)                                                       \
	F(I64, withdrawn_ms, NUL)                                                                  \
	F(STR, reason, REQ, .max = 2000)                                                           \
	L(notice_version_out, versions, REQ)                                                       \
	F(STRS, can, REQ)                                                                          \
	F(I64, ver, REQ)
JSON_STRUCT(notice_out, NOTICE_OUT)

#define NOTICE_GIVEN_OUT(F, O, L)                                                                  \
	F(STR, name, REQ)                                                                          \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(ENUM, type, REQ, .options = "text|list|date")                                            \
	F(BOOL, required, REQ)                                                                     \
	F(I64, max, REQ)                                                                           \
	F(STR, preset_zh, REQ, .max = 20000)                                                       \
	F(STR, preset_en, REQ, .max = 20000)
JSON_STRUCT(notice_given_out, NOTICE_GIVEN_OUT)

/* A template that the caller may use on this matter; `acts` are the acts of its workflow it goes with. */
#define NOTICE_OFFER(F, O, L)                                                                      \
	F(STR, template, REQ)                                                                      \
	F(STR, zh, REQ)                                                                            \
	F(STR, en, REQ)                                                                            \
	F(STRS, acts, REQ)                                                                         \
	F(BOOL, fits, REQ)                                                                         \
	F(STR, clock, REQ)                                                                         \
	F(ENUM, deadline, REQ, .options = "required|optional|none")                                \
	F(I64, days, NUL)                                                                          \
	F(STR, unit, REQ)                                                                          \
	F(BOOL, ack, REQ)                                                                          \
	F(STR, to, REQ)                                                                            \
	F(STR, basis_zh, REQ, .max = 2000)                                                         \
	F(STR, basis_en, REQ, .max = 2000)                                                         \
	F(STR, source, REQ, .max = 1000)                                                           \
	F(STR, source_zh, REQ, .max = 1000)                                                        \
	F(STR, certainty, REQ)                                                                     \
	L(notice_given_out, fields, REQ)
JSON_STRUCT(notice_offer, NOTICE_OFFER)

#define NOTICE_LIST(F, O, L)                                                                       \
	L(notice_out, items, REQ)                                                                  \
	L(notice_offer, offers, REQ)
JSON_STRUCT(notice_list, NOTICE_LIST)

#endif
