namespace Keyway.Net.Polling;

/// <summary>What a socket is watched for.</summary>
[Flags]
internal enum PollInterest : byte
{
    None = 0,
    Read = 1,
    Write = 2,
}
