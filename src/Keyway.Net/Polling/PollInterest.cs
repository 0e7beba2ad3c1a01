namespace Keyway.Net.Polling;

/// <summary>What a socket is watched for.</summary>
[Flags]
internal enum PollInterest : byte
{
    None = 0,
    Read = 1,
    Write = 2,

    /// <summary>The end of what the peer sends, also behind input that is not read. Only epoll can tell; the other poller ignores it.</summary>
    End = 4,
}
