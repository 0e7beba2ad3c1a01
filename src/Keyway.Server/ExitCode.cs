namespace Keyway.Server;

/// <summary>How the process ends; described in docs/command-line.md.</summary>
internal enum ExitCode
{
    /// <summary>Done, or stopped by SIGTERM or SIGINT.</summary>
    Ok = 0,

    /// <summary>Something failed while running: an address is taken, the output cannot be written; or an import left something out.</summary>
    Failure = 1,

    /// <summary>The configuration file or the command line is wrong; nothing was started.</summary>
    BadConfiguration = 2,

    /// <summary>Stopped, but writes that smart mode had answered were not delivered: the log says how many are lost, or in the journal.</summary>
    Undelivered = 3,
}
