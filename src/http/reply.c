/* What handlers answer with. */
#include "http/http.h"

err reply_json(struct req *rq, const void *value)
{
	rq->content_type = "application/json";
	json_write(&rq->out, rq->route->reply, value);
	return ERR_OK;
}

err reply_created(struct req *rq, const void *value)
{
	rq->status = 201;
	return reply_json(rq, value);
}

err reply_text(struct req *rq, const char *content_type, str text)
{
	rq->content_type = content_type;
	buf_put(&rq->out, text);
	return ERR_OK;
}

err reply_download(struct req *rq, const char *content_type, str name, str bytes)
{
	rq->disposition_name = arena_str(rq->a, name);
	return reply_text(rq, content_type, bytes);
}

err reply_file(struct req *rq, const char *content_type, str name, const char *path, bool unlink_after)
{
	rq->content_type = content_type;
	rq->disposition_name = arena_str(rq->a, name);
	rq->send_path = arena_cstr(rq->a, str_of(path));
	rq->send_unlink = unlink_after;
	return ERR_OK;
}
