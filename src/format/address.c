#include "format/address.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"

bool cell_address_read(str s, uint32_t *ret_row, uint32_t *ret_col)
{
	uint32_t row = 0, col = 0;
	size_t i = 0;
	for (; i < s.n && s.p[i] >= 'A' && s.p[i] <= 'Z' && col <= SHEET_MAX_COL; i++)
		col = col * 26 + (uint32_t)(s.p[i] - 'A' + 1);
	size_t letters = i;
	for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && row <= SHEET_MAX_ROW; i++)
		row = row * 10 + (uint32_t)(s.p[i] - '0');
	if (i != s.n || letters == 0 || row == 0 || row > SHEET_MAX_ROW || col > SHEET_MAX_COL)
		return false;
	*ret_row = row;
	*ret_col = col;
	return true;
}

void cell_address(uint32_t row, uint32_t col, char out[static 20])
{
	char letters[8];
	size_t n = 0;
	for (uint32_t c = col; c > 0 && n < sizeof letters; c = (c - 1) / 26)
		letters[n++] = (char)('A' + (c - 1) % 26);
	size_t at = 0;
	while (n)
		out[at++] = letters[--n];
	snprintf(out + at, 20 - at, "%u", row); /* col < 2^32 gives at most 7 letters */
}

static bool needs_quotes(str sheet)
{
	for (size_t i = 0; i < sheet.n; i++)
		if (memchr(" !'-+()&,;#.[]{}", sheet.p[i], 16))
			return true;
	return sheet.n && sheet.p[0] >= '0' && sheet.p[0] <= '9';
}

str sheet_address(struct arena *a, str sheet, uint32_t row, uint32_t col)
{
	struct buf b = BUF(a);
	char cell[20];
	str piece;
	bool named = sheet.n > 0, quotes = needs_quotes(sheet);
	cell_address(row, col, cell);
	if (quotes)
		buf_byte(&b, '\'');
	while (named && str_cut(&sheet, '\'', &piece)) {
		buf_put(&b, piece);
		if (sheet.p)
			buf_put(&b, S("''"));
	}
	if (named)
		buf_put(&b, quotes ? S("'!") : S("!"));
	buf_put(&b, str_of(cell));
	return buf_str(&b);
}
