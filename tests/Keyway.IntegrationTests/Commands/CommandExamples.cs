namespace Keyway.IntegrationTests.Commands;

/// <summary>Requests, at least one for each command that has keys and several where the places of keys depend on the arguments.</summary>
internal static class CommandExamples
{
    public static readonly string[] Requests = """
        append k v
        bitcount k
        bitcount k 0 -1 BIT
        bitfield k GET u8 0 SET u8 0 1
        bitfield_ro k GET u8 0
        bitop AND d a b c
        bitop NOT d a
        bitpos k 1 0
        blmove a b LEFT RIGHT 0
        blmpop 0 2 a b LEFT COUNT 3
        blpop a 0
        blpop a b c 0
        brpop a b 0
        brpoplpush a b 0
        bzmpop 0 1 a MIN
        bzpopmax a b 0
        bzpopmin a 0
        copy a b
        copy a b DB 1 REPLACE
        decr k
        decrby k 1
        del a
        del a b c
        dump k
        eval return 0
        eval return 0 x y
        eval return 1 a
        eval return 3 a b c x y
        eval_ro return 2 a b x
        evalsha sha 1 a x
        evalsha_ro sha 2 a b
        exists a b a
        expire k 1
        expire k 1 NX
        expireat k 1
        expiretime k
        fcall f 1 a x
        fcall f 0 x
        fcall_ro f 2 a b
        geoadd k 1 1 m
        geodist k a b
        geohash k m
        geopos k m
        georadius k 0 0 1 m
        georadius k 0 0 1 m STORE d
        georadius k 0 0 1 m COUNT 1 storedist d
        georadius_ro k 0 0 1 m
        georadiusbymember k m 1 m
        georadiusbymember k m 1 m STORE d
        georadiusbymember k m 1 m ASC STOREDIST d
        georadiusbymember_ro k m 1 m
        geosearch k FROMMEMBER m BYRADIUS 1 m
        geosearchstore d s FROMMEMBER m BYRADIUS 1 m
        get k
        getbit k 0
        getdel k
        getex k EX 1
        getrange k 0 1
        getset k v
        hdel k f
        hexists k f
        hget k f
        hgetall k
        hincrby k f 1
        hincrbyfloat k f 1
        hkeys k
        hlen k
        hmget k f g
        hmset k f v
        hrandfield k 1
        hscan k 0
        hset k f v
        hsetnx k f v
        hstrlen k f
        hvals k
        incr k
        incrby k 1
        incrbyfloat k 1
        lcs a b LEN
        lindex k 0
        linsert k BEFORE a b
        llen k
        lmove a b LEFT RIGHT
        lmpop 1 a LEFT
        lmpop 3 a b c RIGHT COUNT 2
        lpop k
        lpos k v
        lpush k v
        lpushx k v
        lrange k 0 1
        lrem k 0 v
        lset k 0 v
        ltrim k 0 1
        memory usage k
        memory usage k SAMPLES 5
        mget a
        mget a b c
        migrate h 1 k 0 1
        move k 1
        mset a 1
        mset a 1 b 2 c 3
        msetnx a 1 b 2
        object encoding k
        object freq k
        object idletime k
        object refcount k
        persist k
        pexpire k 1
        pexpireat k 1
        pexpiretime k
        pfadd k v
        pfcount a
        pfcount a b
        pfdebug GETREG k
        pfmerge d a b
        psetex k 1 v
        pttl k
        rename a b
        renamenx a b
        restore k 0 x
        restore-asking k 0 x
        rpop k
        rpoplpush a b
        rpush k v
        rpushx k v
        sadd k m
        scard k
        sdiff a b
        sdiffstore d a b
        set k v
        set k v EX 1 NX GET
        setbit k 0 1
        setex k 1 v
        setnx k v
        setrange k 0 v
        sinter a b
        sintercard 2 a b LIMIT 1
        sinterstore d a
        sismember k m
        smembers k
        smismember k a b
        smove a b m
        sort k
        sort k BY w_* LIMIT 0 1 GET d_* ALPHA
        sort k STORE d
        sort k BY w_* GET d_* STORE d
        sort_ro k BY w_* GET d_*
        spop k
        srandmember k
        srem k m
        sscan k 0
        strlen k
        substr k 0 1
        sunion a b
        sunionstore d a b
        touch a b
        ttl k
        type k
        unlink a b
        watch a b
        xack k g 1-1
        xadd k * f v
        xautoclaim k g c 0 0
        xclaim k g c 0 1-1
        xdel k 1-1
        xgroup create k g $ MKSTREAM
        xgroup createconsumer k g c
        xgroup delconsumer k g c
        xgroup destroy k g
        xgroup setid k g $
        xinfo consumers k g
        xinfo groups k
        xinfo stream k FULL
        xlen k
        xpending k g
        xrange k - +
        xread STREAMS a 0
        xread COUNT 1 BLOCK 1 streams a b 0 0
        xread STREAMS streams streams 0 0
        xreadgroup GROUP g c STREAMS a >
        xreadgroup GROUP streams streams COUNT 1 NOACK STREAMS a b > >
        xrevrange k + -
        xsetid k 1-1
        xtrim k MAXLEN 1
        zadd k NX 1 m
        zcard k
        zcount k 0 1
        zdiff 2 a b WITHSCORES
        zdiffstore d 2 a b
        zincrby k 1 m
        zinter 2 a b WEIGHTS 1 2
        zintercard 2 a b LIMIT 1
        zinterstore d 1 a AGGREGATE MAX
        zlexcount k - +
        zmpop 2 a b MIN COUNT 1
        zmscore k a b
        zpopmax k
        zpopmin k
        zrandmember k
        zrange k 0 1 REV
        zrangebylex k - +
        zrangebyscore k 0 1
        zrangestore d s 0 1
        zrank k m
        zrem k m
        zremrangebylex k - +
        zremrangebyrank k 0 1
        zremrangebyscore k 0 1
        zrevrange k 0 1
        zrevrangebylex k + -
        zrevrangebyscore k 1 0
        zrevrank k m
        zscan k 0
        zscore k m
        zunion 3 a b c
        zunionstore d 2 a b WEIGHTS 1 2
        """.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Requests without a key, or whose keys cannot be told.</summary>
    public static readonly string[] WithoutKeys = """
        ping
        publish ch m
        spublish ch m
        ssubscribe ch
        eval return 3 a
        eval return -1 a
        eval return x a
        fcall f 2 a
        zunion 3 a b
        zunionstore d 3 a b
        lmpop 5 a LEFT
        sintercard 9 a
        config get x
        dbsize
        """.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
