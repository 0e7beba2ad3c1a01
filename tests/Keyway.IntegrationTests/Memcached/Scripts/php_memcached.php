<?php
// php-memcached against a port, used as web applications use it; prints 'all right' at the end.
function check(bool $holds, string $what): void
{
    if (!$holds) {
        fwrite(STDERR, "not so: $what\n");
        exit(1);
    }
}

$client = new Memcached();
$client->setOption(Memcached::OPT_BINARY_PROTOCOL, false);
$client->setOption(Memcached::OPT_RECV_TIMEOUT, 10_000_000);
$client->setOption(Memcached::OPT_TCP_NODELAY, true);
$client->addServer('127.0.0.1', (int) $argv[1]);

check($client->flush(), 'flush');
check($client->set('key', ['a' => 1, 'b' => [2, 3]], 1000), 'set');
check($client->get('key') === ['a' => 1, 'b' => [2, 3]], 'get');
check($client->get('none') === false && $client->getResultCode() === Memcached::RES_NOTFOUND, 'a miss');
check($client->add('key', 1) === false && $client->getResultCode() === Memcached::RES_NOTSTORED, 'add');
check($client->replace('none', 1) === false, 'replace');

$items = [];
for ($i = 0; $i < 200; $i++) {
    $items["key:$i"] = "value $i";
}
check($client->setMulti($items), 'setMulti');
check($client->getMulti(array_merge(array_keys($items), ['none'])) === $items, 'getMulti');
check(array_keys($client->getMulti(['key:9', 'none', 'key:1'], Memcached::GET_PRESERVE_ORDER)) === ['key:9', 'none', 'key:1'], 'order');
check($client->getDelayed(array_keys($items), true) && count($client->fetchAll()) === 200, 'getDelayed');
check($client->deleteMulti(['key:1', 'none']) === ['key:1' => true, 'none' => Memcached::RES_NOTFOUND], 'deleteMulti');

$extended = $client->get('key:2', null, Memcached::GET_EXTENDED);
check($client->cas($extended['cas'], 'key:2', 'new'), 'cas');
check(!$client->cas($extended['cas'], 'key:2', 'newer') && $client->getResultCode() === Memcached::RES_DATA_EXISTS, 'cas of an old version');

$client->set('n', 10);
check($client->increment('n', 5) === 15 && $client->decrement('n', 20) === 0, 'numbers');
check($client->increment('none') === false && $client->getResultCode() === Memcached::RES_NOTFOUND, 'no number');
$client->setOption(Memcached::OPT_COMPRESSION, false);
$client->set('text', 'b');
check($client->append('text', 'c') && $client->prepend('text', 'a') && $client->get('text') === 'abc', 'append and prepend');
check($client->touch('text', 1000) && $client->delete('text') && !$client->delete('text'), 'touch and delete');
check($client->set('big', str_repeat('x', 900_000)) && strlen($client->get('big')) === 900_000, 'a large value');
check($client->set('huge', str_repeat('x', 2_000_000)) === false, 'too large a value');
check($client->get('key') !== false, 'after an error');
check(count($client->getVersion()) === 1, 'version');
check(count($client->getStats()) === 1, 'stats');

$quiet = new Memcached();
$quiet->setOption(Memcached::OPT_NOREPLY, true);
$quiet->setOption(Memcached::OPT_BUFFER_WRITES, true);
$quiet->addServer('127.0.0.1', (int) $argv[1]);
for ($i = 0; $i < 500; $i++) {
    $quiet->set("quiet:$i", $i);
}
$keys = array_map(fn ($i) => "quiet:$i", range(0, 499));
check(count($quiet->getMulti($keys)) === 500, 'noreply and buffered writes');
$session = new Memcached('kept');
$session->addServer('127.0.0.1', (int) $argv[1]);
check($session->set('kept', 1) && $session->quit() && $session->get('kept') === 1, 'again after quit');
echo "all right\n";
