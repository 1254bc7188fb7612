/* A clause of a Chinese sentence as extract_clause.c reads it and extract_judge.c judges it. */
#ifndef BH_DECIDE_EXTRACT_CLAUSE_H
#define BH_DECIDE_EXTRACT_CLAUSE_H

#include "decide/extract_time.h"

struct clause {
	uint32_t start, head, end; /* head: behind numbers and connecting words */
	size_t hit, hits;          /* its rule hits: [hit, hits) */
	uint64_t marks;            /* of its Chinese rule hits */
	bool verb_head, subject_verb, perfect, past, report, copula, equates;
	double fact;
	uint32_t verb, verb_end;
	struct range subject;
};

void clause_read(struct doc *d, uint32_t start, uint32_t end, struct clause *c);
/* Behind numbers, quotes, times and connecting words. */
uint32_t clause_head(const struct doc *d, uint32_t at, uint32_t end);
/* A verb, or adverbs with anything behind them, at `at`: into c->verb. */
bool clause_verb(const struct doc *d, uint32_t at, uint32_t end, struct clause *c);
bool in_title_marks(const struct doc *d, uint32_t start, uint32_t at); /* 《…》 */
const struct hit *rule_at(const struct doc *d, size_t i);

#endif
