<?php
// Checks of a client library: prints "ok NAME" or "not ok NAME: why" for each. Arguments: host, port, password, path of a unix socket.
error_reporting(E_ALL);
set_error_handler(function ($level, $message, $file, $line) {
    throw new ErrorException($message, 0, $level, $file, $line);
});
[, $host, $port, $password, $socket] = $argv;
$port = (int) $port;

function same($expected, $actual): void
{
    if ($expected !== $actual) {
        throw new Exception('expected ' . var_export($expected, true) . ', got ' . var_export($actual, true));
    }
}

function refused(callable $action, string $text): void
{
    try {
        $result = $action();
    } catch (RedisException $error) {
        if (!str_contains($error->getMessage(), $text)) {
            throw new Exception('another error: ' . $error->getMessage());
        }
        return;
    }
    throw new Exception('not refused: ' . var_export($result, true));
}

function run(array $checks): never
{
    $failed = false;
    foreach ($checks as $name => $check) {
        try {
            $check();
            echo "ok $name\n";
        } catch (Throwable $error) {
            $failed = true;
            $line = $error->getLine();
            foreach ($error->getTrace() as $frame) {
                if (!str_ends_with($frame['file'] ?? 'suite.php', 'suite.php')) {
                    $line = $frame['line'];
                    break;
                }
            }
            echo "not ok $name: line $line: " . get_class($error) . ' ' . preg_replace('/\s+/', ' ', $error->getMessage()) . "\n";
        }
    }
    exit($failed ? 1 : 0);
}
