using System.Globalization;
using System.Text;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Smart;
using Keyway.WriteBehind.Journal;

namespace Keyway.Server.CommandLine;

/// <summary>A record of a journal or of a place for dead letters, of smart mode (a request, with a header) or of a relay (bytes, without one).</summary>
internal readonly ref struct StoredRecord
{
    private const int ShownBytes = 200;

    private readonly long _sequence;
    private readonly long _time;
    private readonly string _reason;
    private readonly WriteHeader _header;

    private StoredRecord(JournalRecord record, ReadOnlySpan<byte> header, string reason)
    {
        (_sequence, _time, _reason) = (record.Sequence, record.Time, reason);
        Payload = record.Payload;
        IsRelays = header.IsEmpty;
        _ = WriteHeader.TryRead(header, record.Payload, out _header);
    }

    /// <summary>The request, or the relay's record.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>True if it is a relay's.</summary>
    public bool IsRelays { get; }

    /// <summary>The database of a request.</summary>
    public int Database => _header.Database;

    /// <summary>True if it is a request of memcached's protocol.</summary>
    public bool IsMemcached => _header.Protocol == PoolProtocol.Memcached;

    public static StoredRecord Of(JournalRecord record) =>
        DeadLetter.TryRead(record, out DeadLetter letter) && (letter.Header.IsEmpty || WriteHeader.TryRead(letter.Header, record.Payload, out _))
            ? new StoredRecord(record, letter.Header, Encoding.UTF8.GetString(letter.Reason) + " ")
            : new StoredRecord(record, record.Header, "");

    /// <summary>What it is, on one line.</summary>
    public string Describe()
    {
        string time = DateTimeOffset.FromUnixTimeMilliseconds(_time).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        string text = IsRelays ? Start() : IsMemcached ? Words(Start(), isResp: false) : $"db={Database} {Words(Start(), isResp: true)}";
        return $"{_sequence} {time} {_reason}{Visible(text)}" + (Payload.Length > ShownBytes ? "..." : "");
    }

    private string Start() => Encoding.Latin1.GetString(Payload[..Math.Min(Payload.Length, ShownBytes)]);

    /// <summary>The words of a request, without the lengths of RESP.</summary>
    private static string Words(string request, bool isResp) =>
        string.Join(' ', request.Split("\r\n").Where(line => line.Length > 0 && !(isResp && line[0] is ('$' or '*'))));

    /// <summary>What is not plain text becomes dots.</summary>
    private static string Visible(string text) => string.Concat(text.TrimEnd('\n').Select(static letter => letter is >= ' ' and <= '~' ? letter : '.'));
}
