#include "core/uscc.h"

#include <string.h>

static const char characters[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* GB 32100, annex A: C18 = 31 − (Σ Ci·Wi mod 31), Wi = 3^(i−1) mod 31; 31 stands for 0. */
char uscc_check(str first17)
{
	int sum = 0, weight = 1;
	if (first17.n != USCC_SIZE - 1)
		return 0;
	for (size_t i = 0; i < first17.n; i++) {
		const char *at = first17.p[i] ? strchr(characters, first17.p[i]) : NULL;
		if (!at)
			return 0;
		sum += (int)(at - characters) * weight;
		weight = weight * 3 % 31;
	}
	return characters[(31 - sum % 31) % 31];
}

bool uscc_valid(str code)
{
	char check = code.n == USCC_SIZE ? uscc_check(str_sub(code, 0, USCC_SIZE - 1)) : 0;
	return check && check == code.p[USCC_SIZE - 1];
}
