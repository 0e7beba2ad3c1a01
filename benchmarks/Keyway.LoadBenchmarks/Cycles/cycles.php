<?php
// A page that writes a lot: cycles.php HOST PORT CYCLES writes|gets PREFIX. Prints the seconds that it took, connecting included.
[, $host, $port, $cycles, $kind, $prefix] = $argv;
$value = str_repeat('x', 10000);
$start = microtime(true);
$redis = new Redis();
$redis->connect($host, (int) $port);
for ($i = 0; $i < (int) $cycles; $i++) {
    $key = "$prefix:" . $i % 100;
    $redis->set($key, $value);
    $redis->expire($key, 600);
    $redis->hSet("$prefix:hash", "field$i", "value$i");
    $redis->sAdd("$prefix:set", "member$i");
    if ($kind === 'gets' && $redis->get($key) !== $value) {
        fwrite(STDERR, "a read did not see the write before it\n");
        exit(1);
    }
}
printf("%.6f\n", microtime(true) - $start);
