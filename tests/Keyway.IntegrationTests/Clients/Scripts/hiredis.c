/* Checks of hiredis: prints "ok NAME" or "not ok NAME: why" for each. Arguments: host, port, password, path of a unix socket. */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *host, *password, *path;
static int port;
static int failed;

#define EXPECT(condition) do { if (!(condition)) { snprintf(why, sizeof why, "line %d: %s", __LINE__, #condition); return why; } } while (0)

static char why[512];

static redisContext *authenticated(redisContext *c) {
    if (c == NULL || c->err) {
        fprintf(stderr, "no connection: %s\n", c == NULL ? "out of memory" : c->errstr);
        exit(1);
    }
    struct timeval limit = {10, 0};
    redisSetTimeout(c, limit);
    freeReplyObject(redisCommand(c, "AUTH %s", password));
    return c;
}

static redisContext *connected(void) { return authenticated(redisConnect(host, port)); }

static int is(redisReply *r, int type, const char *text) {
    int same = r != NULL && r->type == type && (text == NULL || strcmp(r->str, text) == 0);
    if (!same) fprintf(stderr, "type %d: %s\n", r ? r->type : -1, r && r->str ? r->str : "");
    freeReplyObject(r);
    return same;
}

static int is_integer(redisReply *r, long long number) {
    int same = r != NULL && r->type == REDIS_REPLY_INTEGER && r->integer == number;
    freeReplyObject(r);
    return same;
}

static const char *commands(void) {
    redisContext *c = connected();
    EXPECT(is(redisCommand(c, "SET s %b", "a\0b\r\n", (size_t)5), REDIS_REPLY_STATUS, "OK"));
    redisReply *r = redisCommand(c, "GET s");
    EXPECT(r->type == REDIS_REPLY_STRING && r->len == 5 && memcmp(r->str, "a\0b\r\n", 5) == 0);
    freeReplyObject(r);
    EXPECT(is(redisCommand(c, "GET none"), REDIS_REPLY_NIL, NULL));
    EXPECT(is_integer(redisCommand(c, "RPUSH l one two three"), 3));
    r = redisCommand(c, "LRANGE l 0 -1");
    EXPECT(r->type == REDIS_REPLY_ARRAY && r->elements == 3 && strcmp(r->element[2]->str, "three") == 0);
    freeReplyObject(r);
    EXPECT(is(redisCommand(c, "LPUSH s x"), REDIS_REPLY_ERROR, "WRONGTYPE Operation against a key holding the wrong kind of value"));
    r = redisCommand(c, "EVAL %s 0", "return {1, {2, {'three', false}}, redis.status_reply('FINE')}");
    EXPECT(r->elements == 3 && r->element[1]->element[1]->element[1]->type == REDIS_REPLY_NIL && r->element[2]->type == REDIS_REPLY_STATUS);
    freeReplyObject(r);
    redisFree(c);
    return NULL;
}

static const char *pipelines(void) {
    redisContext *c = connected();
    for (int i = 0; i < 2000; i++) {
        redisAppendCommand(c, "SET p:%d %d", i, i);
        redisAppendCommand(c, "GET p:%d", i);
    }
    for (int i = 0; i < 2000; i++) {
        void *r;
        char number[16];
        snprintf(number, sizeof number, "%d", i);
        EXPECT(redisGetReply(c, &r) == REDIS_OK && is(r, REDIS_REPLY_STATUS, "OK"));
        EXPECT(redisGetReply(c, &r) == REDIS_OK && is(r, REDIS_REPLY_STRING, number));
    }
    redisFree(c);
    return NULL;
}

static const char *transactions(void) {
    redisContext *c = connected(), *other = connected();
    EXPECT(is(redisCommand(c, "MULTI"), REDIS_REPLY_STATUS, "OK"));
    EXPECT(is(redisCommand(c, "MULTI"), REDIS_REPLY_ERROR, "ERR MULTI calls can not be nested"));
    EXPECT(is(redisCommand(c, "SET t 1"), REDIS_REPLY_STATUS, "QUEUED"));
    EXPECT(is(redisCommand(c, "INCR t"), REDIS_REPLY_STATUS, "QUEUED"));
    EXPECT(is(redisCommand(other, "GET t"), REDIS_REPLY_NIL, NULL));
    redisReply *r = redisCommand(c, "EXEC");
    EXPECT(r->type == REDIS_REPLY_ARRAY && r->elements == 2 && r->element[1]->integer == 2);
    freeReplyObject(r);
    EXPECT(is(redisCommand(c, "WATCH t"), REDIS_REPLY_STATUS, "OK"));
    EXPECT(is(redisCommand(other, "SET t other"), REDIS_REPLY_STATUS, "OK"));
    EXPECT(is(redisCommand(c, "MULTI"), REDIS_REPLY_STATUS, "OK"));
    EXPECT(is(redisCommand(c, "SET t mine"), REDIS_REPLY_STATUS, "QUEUED"));
    EXPECT(is(redisCommand(c, "EXEC"), REDIS_REPLY_NIL, NULL));
    EXPECT(is(redisCommand(c, "MULTI"), REDIS_REPLY_STATUS, "OK"));
    EXPECT(is(redisCommand(c, "NOSUCH"), REDIS_REPLY_ERROR, NULL));
    EXPECT(is(redisCommand(c, "EXEC"), REDIS_REPLY_ERROR, "EXECABORT Transaction discarded because of previous errors."));
    EXPECT(is(redisCommand(c, "EXEC"), REDIS_REPLY_ERROR, "ERR EXEC without MULTI"));
    EXPECT(is(redisCommand(c, "DISCARD"), REDIS_REPLY_ERROR, "ERR DISCARD without MULTI"));
    EXPECT(is(redisCommand(c, "GET t"), REDIS_REPLY_STRING, "other"));
    redisFree(c);
    redisFree(other);
    return NULL;
}

static const char *blocking(void) {
    redisContext *c = connected(), *other = connected();
    void *reply;
    int done = 0;
    redisAppendCommand(c, "BLPOP queue 5");
    while (!done) redisBufferWrite(c, &done);
    EXPECT(is_integer(redisCommand(other, "RPUSH queue element"), 1));
    EXPECT(redisGetReply(c, &reply) == REDIS_OK);
    redisReply *r = reply;
    EXPECT(r->elements == 2 && strcmp(r->element[1]->str, "element") == 0);
    freeReplyObject(r);
    EXPECT(is(redisCommand(c, "BLPOP queue 0.1"), REDIS_REPLY_NIL, NULL));
    EXPECT(is(redisCommand(c, "PING"), REDIS_REPLY_STATUS, "PONG"));
    redisFree(c);
    redisFree(other);
    return NULL;
}

static const char *subscriptions(void) {
    redisContext *c = connected(), *other = connected();
    void *reply;
    redisReply *r = redisCommand(c, "SUBSCRIBE news");
    EXPECT(r->elements == 3 && strcmp(r->element[0]->str, "subscribe") == 0 && r->element[2]->integer == 1);
    freeReplyObject(r);
    for (int i = 0; i < 100; i++) EXPECT(is_integer(redisCommand(other, "PUBLISH news %d", i), 1));
    for (int i = 0; i < 100; i++) {
        EXPECT(redisGetReply(c, &reply) == REDIS_OK);
        r = reply;
        EXPECT(strcmp(r->element[0]->str, "message") == 0 && strcmp(r->element[1]->str, "news") == 0 && atoi(r->element[2]->str) == i);
        freeReplyObject(r);
    }
    EXPECT(is(redisCommand(c, "GET s"), REDIS_REPLY_ERROR, NULL));
    r = redisCommand(c, "PING");
    EXPECT(r->elements == 2 && strcmp(r->element[0]->str, "pong") == 0);
    freeReplyObject(r);
    r = redisCommand(c, "UNSUBSCRIBE");
    EXPECT(r->elements == 3 && r->element[2]->integer == 0);
    freeReplyObject(r);
    EXPECT(is(redisCommand(c, "PING"), REDIS_REPLY_STATUS, "PONG"));
    redisFree(c);
    redisFree(other);
    return NULL;
}

static const char *databases_over_unix_socket(void) {
    redisContext *c = authenticated(redisConnectUnix(path)), *other = connected();
    EXPECT(is(redisCommand(c, "SELECT 6"), REDIS_REPLY_STATUS, "OK"));
    EXPECT(is(redisCommand(c, "SET k six"), REDIS_REPLY_STATUS, "OK"));
    EXPECT(is(redisCommand(other, "GET k"), REDIS_REPLY_NIL, NULL));
    EXPECT(is(redisCommand(c, "SELECT 999"), REDIS_REPLY_ERROR, "ERR DB index is out of range"));
    EXPECT(is(redisCommand(c, "GET k"), REDIS_REPLY_STRING, "six"));
    redisFree(c);
    redisFree(other);
    return NULL;
}

static const char *no_password(void) {
    redisContext *c = redisConnect(host, port);
    EXPECT(is(redisCommand(c, "GET s"), REDIS_REPLY_ERROR, "NOAUTH Authentication required."));
    EXPECT(is(redisCommand(c, "AUTH wrong"), REDIS_REPLY_ERROR, "WRONGPASS invalid username-password pair or user is disabled."));
    EXPECT(is(redisCommand(c, "AUTH %s", password), REDIS_REPLY_STATUS, "OK"));
    redisFree(c);
    return NULL;
}

static void check(const char *name, const char *(*run)(void)) {
    const char *problem = run();
    if (problem == NULL) printf("ok %s\n", name);
    else printf("not ok %s: %s\n", name, problem);
    fflush(stdout);
    failed |= problem != NULL;
}

int main(int argc, char **argv) {
    if (argc < 5) return 2;
    host = argv[1], port = atoi(argv[2]), password = argv[3], path = argv[4];
    check("commands", commands);
    check("pipelines", pipelines);
    check("transactions", transactions);
    check("blocking", blocking);
    check("subscriptions", subscriptions);
    check("databases over a unix socket", databases_over_unix_socket);
    check("no password", no_password);
    return failed;
}
