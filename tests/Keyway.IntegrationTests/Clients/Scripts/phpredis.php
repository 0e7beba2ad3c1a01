<?php
// phpredis: plain and persistent connections, transactions, blocking commands, pub/sub.
require __DIR__ . '/suite.php';

function connect(?int $database = null): Redis
{
    global $host, $port, $password;
    $redis = new Redis();
    $redis->connect($host, $port, 5, null, 0, 10);
    $redis->auth($password);
    if ($database !== null) {
        $redis->select($database);
    }
    return $redis;
}

// Runs PHP code, with $redis connected, in another process.
function beside(string $code)
{
    global $host, $port, $password;
    $code = "usleep(200000); \$redis = new Redis(); \$redis->connect('$host', $port); \$redis->auth('$password'); $code";
    return proc_open([PHP_BINARY, '-r', $code], [], $pipes);
}

$r = connect();

run([
    'commands' => function () use ($r) {
        same(true, $r->set('s', "v\0\r\n", ['ex' => 60]));
        same("v\0\r\n", $r->get('s'));
        same(false, $r->get('none'));
        same(false, $r->set('s', 'w', ['nx']));
        same(true, $r->hMSet('h', ['a' => '1', 'b' => 'zwei']));
        same(['a' => '1', 'b' => 'zwei'], $r->hGetAll('h'));
        same(['a' => '1', 'none' => false], $r->hMGet('h', ['a', 'none']));
        same(2, $r->zAdd('z', 1, 'x', 2.5, 'y'));
        same(['x' => 1.0, 'y' => 2.5], $r->zRange('z', 0, -1, true));
        same(3, $r->rPush('l', 'a', 'b', 'c'));
        same(['b', 'c'], $r->lRange('l', 1, -1));
        same(2, $r->sAdd('set', 'm', 'n'));
        same(true, $r->sIsMember('set', 'm'));
        same(true, $r->mSet(['m:1' => 'one', 'm:2' => 'two']));
        same(['one', false, 'two'], $r->mGet(['m:1', 'none', 'm:2']));
        same(2, $r->del(['m:1', 'm:2']));
        same(1, $r->exists('s'));
        same(Redis::REDIS_HASH, $r->type('h'));
        same('any command', $r->rawCommand('ECHO', 'any command'));
        same(0.5, $r->incrByFloat('float', 0.5));
    },
    'errors' => function () use ($r) {
        same(false, $r->incr('h'));
        same(true, str_contains($r->getLastError(), 'WRONGTYPE'));
        $r->clearLastError();
        same(false, $r->rawCommand('NOSUCH'));
        same(true, str_contains($r->getLastError(), 'unknown command'));
        $r->clearLastError();
    },
    'authentication' => function () {
        global $host, $port, $password;
        $redis = new Redis();
        $redis->connect($host, $port);
        refused(fn () => $redis->auth('wrong'), 'WRONGPASS');
        refused(fn () => $redis->get('s'), 'NOAUTH');
        same(true, $redis->auth(['default', $password]));
        same(true, $redis->ping());
    },
    'large values' => function () use ($r) {
        $value = str_repeat("\0\r\n\xff", 750000);
        $r->set('large', $value);
        same(true, $r->get('large') === $value);
    },
    'serializer and prefix' => function () {
        $redis = connect();
        $redis->setOption(Redis::OPT_SERIALIZER, Redis::SERIALIZER_PHP);
        $redis->setOption(Redis::OPT_PREFIX, 'app:');
        $redis->set('array', ['a' => [1, 2.5, null]]);
        same(['a' => [1, 2.5, null]], $redis->get('array'));
        same(1, connect()->exists('app:array'));
    },
    'pipelines' => function () use ($r) {
        $pipe = $r->multi(Redis::PIPELINE);
        for ($i = 0; $i < 500; $i++) {
            $pipe->set("p:$i", $i)->get("p:$i");
        }
        $replies = $pipe->exec();
        same(1000, count($replies));
        same('499', $replies[999]);
    },
    'transactions' => function () use ($r) {
        same([true, 2, '2'], $r->multi()->set('t', 1)->incr('t')->get('t')->exec());
        same([true, false, 'text'], $r->multi()->set('t', 'text')->incr('t')->get('t')->exec());
        $r->clearLastError();
        $r->multi()->set('t', 'never');
        same(true, $r->discard());
        same('text', $r->get('t'));
        same([[true, 'text']], [$r->pipeline()->multi()->set('t', 'text')->get('t')->exec()->exec()[0] ?? null]);
    },
    'watch' => function () use ($r) {
        $r->watch('w');
        connect()->set('w', 'by another');
        same(false, $r->multi()->set('w', 'mine')->exec());
        $r->watch('w');
        same([true], $r->multi()->set('w', 'mine')->exec());
        same(true, $r->unwatch());
    },
    'scripts' => function () use ($r) {
        same(['k', 'v', 7], $r->eval('return {KEYS[1], ARGV[1], 7}', ['k', 'v'], 1));
        $sha = $r->script('load', 'return ARGV[1]');
        same('x', $r->evalSha($sha, ['x'], 0));
        same([1, 0], $r->script('exists', $sha, str_repeat('0', 40)));
        same(false, $r->evalSha(str_repeat('0', 40), [], 0));
        same(true, str_contains($r->getLastError(), 'NOSCRIPT'));
        $r->clearLastError();
    },
    'scans' => function () use ($r) {
        $r->setOption(Redis::OPT_SCAN, Redis::SCAN_RETRY);
        $found = [];
        $cursor = null;
        while (($keys = $r->scan($cursor, 'p:*', 50)) !== false) {
            $found = array_merge($found, $keys);
        }
        same(500, count(array_unique($found)));
        $cursor = null;
        same(['a' => '1', 'b' => 'zwei'], $r->hScan('h', $cursor));
    },
    'blocking pops' => function () use ($r) {
        $r->rPush('b:2', 'there');
        same(['b:2', 'there'], $r->blPop(['b:1', 'b:2'], 5));
        $process = beside("\$redis->rPush('b:1', 'came');");
        same(['b:1', 'came'], $r->brPop(['b:1', 'b:2'], 5));
        proc_close($process);
        same([], $r->blPop('b:never', 1));
        $r->rPush('b:3', 'moved');
        same('moved', $r->bRPopLPush('b:3', 'b:4', 5));
        $r->zAdd('b:z', 1, 'first');
        same(['b:z', 'first', '1'], $r->bzPopMin('b:z', 5));
    },
    'streams' => function () use ($r) {
        same(true, $r->xGroup('CREATE', 'stream', 'group', '$', true));
        $process = beside("\$redis->xAdd('stream', '*', ['field' => 'value']);");
        $read = $r->xReadGroup('group', 'me', ['stream' => '>'], 5, 5000);
        proc_close($process);
        same([['field' => 'value']], array_values($read['stream']));
        same(1, $r->xAck('stream', 'group', array_keys($read['stream'])));
    },
    'subscription' => function () {
        // The library ends a subscription only when reading fails: here by its time limit.
        $process = beside("foreach (['one', 'two', 'end'] as \$m) { \$redis->publish('news', \$m); }");
        $subscriber = connect();
        $subscriber->setOption(Redis::OPT_READ_TIMEOUT, 1);
        $got = [];
        $note = function ($redis, ...$message) use (&$got) {
            $got[] = implode(' ', $message);
        };
        refused(fn () => $subscriber->subscribe(['news', 'other'], $note), 'read error');
        proc_close($process);
        same(['news one', 'news two', 'news end'], $got);
        $process = beside("\$redis->publish('pattern', 'hello');");
        $subscriber = connect();
        $subscriber->setOption(Redis::OPT_READ_TIMEOUT, 1);
        refused(fn () => $subscriber->psubscribe(['pat*'], $note), 'read error');
        proc_close($process);
        same('pat* pattern hello', end($got));
    },
    'databases' => function () use ($r) {
        connect(3)->set('k', 'three');
        same(false, $r->get('k'));
        same('three', connect(3)->get('k'));
        $redis = connect();
        same(false, $redis->select(999));
    },
    'persistent connections' => function () {
        global $host, $port, $password;
        $open = function (string $id) use ($host, $port, $password) {
            $redis = new Redis();
            $redis->pconnect($host, $port, 5, $id);
            $redis->auth($password);
            return $redis;
        };
        $first = $open('one');
        $first->select(4);
        $first->set('persistent', 'yes');
        $number = $first->client('id');
        unset($first);
        $again = $open('one');
        same($number, $again->client('id'));
        $again->select(4);
        same('yes', $again->get('persistent'));
        same(true, $open('two')->client('id') !== $number);
    },
    'unix socket' => function () {
        global $socket, $password;
        $redis = new Redis();
        $redis->pconnect($socket);
        same(true, $redis->auth($password));
        same(true, $redis->set('by', 'unix'));
        same('unix', connect()->get('by'));
    },
    'short-lived connections' => function () {
        for ($i = 0; $i < 200; $i++) {
            $redis = connect($i % 3);
            same((int) ($i / 3) + 1, $redis->incr('pages'));
            $redis->close();
        }
    },
    'introspection' => function () use ($r) {
        same('7', substr($r->info()['redis_version'], 0, 1));
        same(true, $r->client('setname', 'phpredis'));
        same('phpredis', $r->client('getname'));
        same(['maxmemory-policy' => 'noeviction'], $r->config('GET', 'maxmemory-policy'));
        same(true, $r->dbSize() > 0);
        same('embstr', $r->object('encoding', 'float'));
        same(true, is_array($r->slowLog('get', 1)));
        same(2, count($r->time()));
    },
    'lost connection' => function () use ($r) {
        $redis = connect();
        $number = $redis->client('id');
        same(1, $r->rawCommand('CLIENT', 'KILL', 'ID', $number));
        // The library connects again by itself, with the password it was given.
        same(true, $redis->ping());
        same(true, $redis->client('id') !== $number);
    },
]);
