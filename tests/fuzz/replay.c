/* Feeds every file of a folder to a fuzz target, and cuts and damages of each: the corpus is replayed in
 * every run, without libFuzzer. Prints TAP, one line a file. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static unsigned char *slurp(const char *path, size_t *ret_size)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		return NULL;
	unsigned char *p = malloc(1 << 20);
	*ret_size = p ? fread(p, 1, 1 << 20, f) : 0;
	fclose(f);
	return p;
}

/* The bytes at their exact length, so that a sanitizer sees one read too far. */
static void feed(const unsigned char *p, size_t n)
{
	unsigned char *copy = malloc(n ? n : 1);
	if (!copy)
		abort();
	memcpy(copy, p, n);
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

static void damage(unsigned char *p, size_t n)
{
	enum { CUTS = 24, FLIPS = 64 };
	for (size_t i = 1; i <= CUTS; i++)
		feed(p, n * i / (CUTS + 1));
	unsigned seed = 20261102;
	for (int i = 0; i < FLIPS && n; i++) {
		seed = seed * 1103515245u + 12345u;
		size_t at = (seed >> 8) % n;
		unsigned char was = p[at];
		p[at] ^= (unsigned char)(1u << (seed >> 28 & 7));
		feed(p, n);
		p[at] = was;
	}
}

int main(int argc, char **argv)
{
	struct dirent **names;
	int n = argc == 2 ? scandir(argv[1], &names, NULL, alphasort) : -1;
	if (n < 0) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	int done = 0;
	for (int i = 0; i < n; i++) {
		char path[4096];
		size_t size = 0;
		snprintf(path, sizeof path, "%s/%s", argv[1], names[i]->d_name);
		unsigned char *p = names[i]->d_name[0] == '.' ? NULL : slurp(path, &size);
		if (p) {
			feed(p, size);
			damage(p, size);
			printf("ok %d - %s\n", ++done, names[i]->d_name);
			fflush(stdout);
		}
		free(p);
		free(names[i]);
	}
	free(names);
	printf("1..%d\n", done);
	return done ? 0 : 1;
}
