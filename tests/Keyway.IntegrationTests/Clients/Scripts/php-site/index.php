<?php
// A page with a session; every answer is a line that the test reads. The settings come from the command line (php -d).
$redis = new Redis();
[$host, $port, $password] = explode(' ', getenv('SUITE_TARGET'));
$redis->pconnect($host, (int) $port, 5);
$redis->auth($password);
$number = $redis->client('id');
switch ($_GET['do']) {
    case 'count':
        session_start();
        $_SESSION['count'] = ($_SESSION['count'] ?? 0) + 1;
        echo session_id(), ' ', $_SESSION['count'], ' ', $number;
        break;
    case 'destroy':
        session_start();
        session_destroy();
        echo 'destroyed';
        break;
    case 'regenerate':
        session_start();
        session_regenerate_id(true);
        echo session_id(), ' ', $_SESSION['count'];
        break;
}
