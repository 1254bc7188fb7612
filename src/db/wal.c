/* SQLite's log: copied back into the database by a thread of its own, so that no act waits for it, and begun anew.
 *
 * It can begin anew only when every page of it is copied, and while acts go on there are always some that are not. So
 * the thread copies, again and again, until little is left; that little is the writer's, between two transactions, when
 * nothing can be added. Otherwise the log would grow for as long as acts keep coming. */
#include "db/backend.h"

enum { LITTLE_PAGES = 128, PUT_OFF = 8 /* th of what is let grow */ };

void db_wal_grew(struct db *db, int pages)
{
	pthread_mutex_lock(&db->lock);
	if (pages < db->wal_pages)
		db->wal_pages_next = db->wal_pages_max; /* begun anew */
	db->wal_pages = pages;
	if (pages > db->wal_pages_next)
		pthread_cond_signal(&db->wal_grew);
	pthread_mutex_unlock(&db->lock);
}

void db_wal_rest(struct db *db, struct db_conn *c)
{
	pthread_mutex_lock(&db->lock);
	bool mine = db->wal_rest;
	db->wal_rest = false;
	pthread_mutex_unlock(&db->lock);
	if (mine && c && c->be->alive(c))
		(void)db_sqlite_checkpoint(c); /* readers may be in its way: then it is tried again later */
}

static int pages_now(struct db *db)
{
	pthread_mutex_lock(&db->lock);
	int pages = db->wal_pages;
	pthread_mutex_unlock(&db->lock);
	return pages;
}

/* A round copies what the one before left; while that is much less than before, another one pays. */
static void copy_back(struct db *db, struct db_conn *c)
{
	int todo = pages_now(db), left;
	do {
		int before = pages_now(db);
		if (db_sqlite_checkpoint(c) != ERR_OK)
			return;
		left = pages_now(db) - before;
		if (left > todo / 2)
			return;
		todo = left;
	} while (left > LITTLE_PAGES);
}

void *db_checkpointer_main(void *arg)
{
	struct db *db = arg;
	struct db_conn *c = db_conn_new(db, true, NULL);
	pthread_mutex_lock(&db->lock);
	while (c && !db->stopping) {
		if (db->wal_pages <= db->wal_pages_next) {
			pthread_cond_wait(&db->wal_grew, &db->lock);
			continue;
		}
		pthread_mutex_unlock(&db->lock);
		copy_back(db, c);
		pthread_mutex_lock(&db->lock);
		db->wal_rest = true;
		db->wal_pages_next = db->wal_pages + db->wal_pages_max / PUT_OFF;
	}
	pthread_mutex_unlock(&db->lock);
	db_conn_free(c);
	return NULL;
}
