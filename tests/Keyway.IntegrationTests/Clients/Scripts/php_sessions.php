<?php
// PHP's own web server with sessions that phpredis keeps, over persistent connections, with and without locking.
require __DIR__ . '/suite.php';

// A server with so many worker processes; the rest is what a browser does.
final class Site
{
    private $process;
    private int $port;

    public function __construct(int $workers, array $settings, bool $isOverUnixSocket = false)
    {
        global $host, $port, $password, $socket;
        $listener = stream_socket_server('tcp://127.0.0.1:0');
        $this->port = (int) explode(':', stream_socket_get_name($listener, false))[1];
        fclose($listener);
        $store = $isOverUnixSocket ? "unix://$socket" : "tcp://$host:$port";
        $command = [PHP_BINARY, '-d', 'session.save_handler=redis',
            '-d', "session.save_path=\"$store?auth=$password&database=5&persistent=1&prefix=session:\""];
        foreach ($settings as $setting) {
            array_push($command, '-d', $setting);
        }
        array_push($command, '-S', "127.0.0.1:$this->port", '-t', __DIR__ . '/php-site');
        $environment = ['SUITE_TARGET' => "$host $port $password"] + getenv();
        if ($workers > 1) {
            $environment['PHP_CLI_SERVER_WORKERS'] = $workers;
        }
        $null = ['file', '/dev/null', 'w'];
        $this->process = proc_open($command, [1 => $null, 2 => $null], $pipes, null, $environment);
        for ($end = microtime(true) + 10; !$this->answers(); usleep(10000)) {
            if (microtime(true) > $end) {
                throw new Exception('the web server did not start');
            }
        }
    }

    // Opens the page without waiting for it.
    public function open(string $do, string $session = '')
    {
        $connection = stream_socket_client("tcp://127.0.0.1:$this->port", $code, $text, 5);
        $cookie = $session === '' ? '' : "Cookie: PHPSESSID=$session\r\n";
        fwrite($connection, "GET /?do=$do HTTP/1.0\r\nHost: site\r\n$cookie\r\n");
        return $connection;
    }

    public function read($connection): array
    {
        $answer = stream_get_contents($connection);
        [$head, $body] = explode("\r\n\r\n", $answer, 2);
        same('200', explode(' ', $head)[1]);
        return explode(' ', $body);
    }

    public function get(string $do, string $session = ''): array
    {
        return $this->read($this->open($do, $session));
    }

    private function answers(): bool
    {
        try {
            return fclose(stream_socket_client("tcp://127.0.0.1:$this->port", $code, $text, 1));
        } catch (ErrorException) {
            return false;
        }
    }

    // PHP's web server does not end its workers when it ends.
    public function __destruct()
    {
        $server = proc_get_status($this->process)['pid'];
        $workers = file_get_contents("/proc/$server/task/$server/children");
        foreach ([$server, ...array_filter(explode(' ', $workers))] as $process) {
            posix_kill((int) $process, 15);
        }
        proc_close($this->process);
    }
}

$store = new Redis();
$store->connect($host, $port);
$store->auth($password);
$store->select(5);

run([
    'session over several pages' => function () use ($store) {
        $site = new Site(1, []);
        [$session, $count, $connection] = $site->get('count');
        same('1', $count);
        for ($i = 2; $i <= 5; $i++) {
            same([$session, (string) $i, $connection], $site->get('count', $session));
        }
        same('count|i:5;', $store->get("session:$session"));
        same(true, $store->ttl("session:$session") > 0);
        [$another] = $site->get('count');
        same(true, $another !== $session);
        [$new, $count] = $site->get('regenerate', $session);
        same('5', $count);
        same(0, $store->exists("session:$session"));
        same(['destroyed'], $site->get('destroy', $new));
        same(0, $store->exists("session:$new"));
    },
    'session over a unix socket' => function () use ($store) {
        $site = new Site(1, [], isOverUnixSocket: true);
        [$session] = $site->get('count');
        same('2', $site->get('count', $session)[1]);
        same('count|i:2;', $store->get("session:$session"));
    },
    'pages at a time with locking' => function () use ($store) {
        $settings = ['redis.session.locking_enabled=1', 'redis.session.lock_wait_time=2000', 'redis.session.lock_retries=-1'];
        $site = new Site(4, $settings);
        [$session] = $site->get('count');
        for ($round = 0; $round < 5; $round++) {
            $pages = array_map(fn () => $site->open('count', $session), range(1, 4));
            array_map($site->read(...), $pages);
        }
        // Without the lock pages at the same time would overwrite each other's count.
        same('count|i:21;', $store->get("session:$session"));
        same(0, $store->exists("session:{$session}_LOCK"));
    },
]);
