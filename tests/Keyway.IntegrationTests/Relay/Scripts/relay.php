<?php
// phpredis writes to a relay as to a server. Arguments: port, password.
[, $port, $password] = $argv;

function same($expected, $actual): void
{
    if ($expected !== $actual) {
        throw new Exception(var_export($actual, true) . ' instead of ' . var_export($expected, true));
    }
}

foreach (['connect', 'pconnect'] as $connect) {
    $redis = new Redis();
    $redis->$connect('127.0.0.1', (int) $port, 5, null, 0, 20);
    same(true, $redis->auth($password));
    same(true, $redis->select(3));
    same(true, $redis->ping());
    same(true, $redis->set('php', 'value', 60));
    same(false, $redis->get('php'));
    same(2, $redis->sAdd('php-set', 'a', 'b'));
    same(true, $redis->hMSet('php-hash', ['b' => '1', 'a' => '2']));
    same(1, $redis->hSet('php-hash', 'f', 'v'));
    same(1, $redis->lPush('php-list', 'x'));
    same(1, $redis->publish('php-channel', 'm'));
    same(1, preg_match('/^\d+-\d+$/', $redis->xAdd('php-stream', '*', ['f' => 'v'])));
    same(true, $redis->rawCommand('RAWSET', '{"php":"raw"}'));
    same([true, 1], $redis->multi()->set('php-multi', '1')->sAdd('php-multi-set', 'm')->exec());
    same(true, $redis->multi() instanceof Redis);
    same(true, $redis->discard());
    same([true, true], $redis->multi(Redis::PIPELINE)->set('php-pipe-1', 'v')->set('php-pipe-2', 'v')->exec());
    same(false, $redis->set('php', "v", ['nx']));
    same(true, str_contains($redis->getLastError(), 'NX'));
    $redis->close();
}
echo "all right\n";
